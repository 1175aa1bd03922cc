"""Running git: the only module that does, reading a repository as data.

Neither the user's configuration nor the locale affects an answer, nothing is fetched, and a command
that fails is an error and never an empty answer. Only plumbing commands are used, because the
others follow settings that a repository can bring along; grep is the exception, and its settings
are overridden.
"""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from abicase.source.yamltext import STRANGE

Result = subprocess.CompletedProcess[bytes]
"""The exit status of a git command, and its output."""


class GitError(Exception):
    """Git gave no answer; the message says why."""


class MissingObject(GitError):
    """An object that the answer depends on is not in this clone."""


_MISSING = re.compile(
    r"bad object|lazy fetching|missing (?:blob|tree|commit|object)|not a tree object|promisor"
    r"|unable to (?:read|parse)|could not (?:fetch|get|parse|read)",
    re.IGNORECASE,
)
"""Git's messages about a missing object."""


_SETTINGS = tuple(
    part
    for setting in (
        "color.grep=false",
        "core.fsmonitor=false",
        "core.useReplaceRefs=false",
        "grep.column=false",
        "grep.fallbackToNoIndex=false",
        "grep.lineNumber=false",
        "i18n.logOutputEncoding=UTF-8",
        "submodule.recurse=false",
    )
    for part in ("-c", setting)
)
"""Repository settings that the environment does not override."""
_RAW = re.compile(r":\d{6} \d{6} ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*")
"""A change of a file, as diff-tree prints it."""
_SECONDS = 300
"""The time limit for a command that a record describes."""
_BYTES = 200_000_000
"""The limit for its output."""
_AT_ONCE = 200
"""The maximum number of objects per command, because command lines are limited."""


def _environment() -> dict[str, str]:
    """Return the environment in which git is run.

    Settings of git by the user, the system or a git hook have no effect, nothing is fetched, and
    replacements and grafts are ignored.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return environment | {
        "GIT_ALLOW_PROTOCOL": "none",  # for versions without GIT_NO_LAZY_FETCH
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "HOME": os.devnull,
        "LC_ALL": "C",
        "XDG_CONFIG_HOME": os.devnull,
    }


def run(
    *arguments: str | bytes, given: bytes = b"", folder: Path | None = None, limited: bool = False
) -> Result:
    """Run git, whatever the exit status.

    Args:
        arguments: Its arguments; paths as bytes, because the locale may not support them.
        given: Its standard input.
        folder: The folder in which it is run; repositories above it are ignored.
        limited: True to stop it after a time, or when it prints too much.

    Returns:
        Its exit status, and its output.

    Raises:
        GitError: Git can't be run, or was stopped.
    """
    environment = _environment()
    if folder is not None:
        environment["GIT_CEILING_DIRECTORIES"] = str(folder.parent)
    encoded = [
        argument if isinstance(argument, bytes) else argument.encode("utf-8")
        for argument in (*_SETTINGS, *arguments)
    ]
    try:
        if limited:
            return _limited([b"git", *encoded], given, environment)
        return subprocess.run(  # noqa: S603
            [b"git", *encoded],
            input=given,
            capture_output=True,
            cwd=folder,
            env=environment,
            check=False,
        )
    except FileNotFoundError:
        raise GitError("this needs git, which is not installed, or not in PATH") from None
    except OSError as error:
        raise GitError(f"this needs git, which can't be run: {error.strerror}") from None


def _limited(command: Sequence[bytes], given: bytes, environment: Mapping[str, str]) -> Result:
    """Run a command that a record describes, with limits on time and output."""
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stderr:
        stdin.write(given)
        stdin.seek(0)
        with subprocess.Popen(  # noqa: S603
            command, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, env=environment
        ) as process:
            late = threading.Event()
            timer = threading.Timer(_SECONDS, _stop, (process, late))
            timer.start()
            try:
                assert process.stdout is not None
                output = process.stdout.read(_BYTES + 1)
                if len(output) > _BYTES:
                    raise GitError(f"git printed more than {_BYTES:,} bytes, and was stopped")
                status = process.wait()
            finally:
                timer.cancel()
                process.kill()
        if late.is_set():
            raise GitError(f"git took more than {_SECONDS} seconds, and was stopped")
        stderr.seek(0)
        return Result(command, status, output, stderr.read())


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def as_line(text: str) -> str:
    """Return a text from a commit in the one-line form of records.

    Other white space than single blanks is collapsed to one, and invisible characters are removed.
    """
    blank = re.sub(r"\s*[\t-\r\x1c-\x1f\x85\u2028\u2029]\s*", " ", text)
    return STRANGE.sub("", blank).strip()


@dataclass(frozen=True, slots=True)
class Commit:
    """The data of a commit that a record repeats."""

    subject: str
    author: str
    """The author's name."""
    date: str
    """The author date, YYYY-MM-DD; empty if it has none."""
    committed: str
    """The commit date, in the same form."""
    guessed: bool
    """True if it is not in the encoding that it claims, and was read as Windows-1252."""


@dataclass(frozen=True, slots=True)
class Change:
    """A commit that changed a file."""

    commit: str
    """The full id of the commit."""
    day: str
    """The committer's date in UTC, YYYY-MM-DD."""
    place: int
    """The number of commits after it, up to the current one."""
    before: str
    """The full id of the file's contents before it; empty if there was no file."""
    after: str
    """The same after it."""
    kind: str
    """A letter: ``M`` for changed, ``A`` for added, ``R`` for renamed, ``C`` for copied from
    another file, ``D`` for deleted, ``T`` for a change of its type."""


class GitRepository:
    """A repository, which is only read."""

    def __init__(self, path: Path) -> None:
        """Open a repository, given by its work tree, or by its own path if it is bare.

        Raises:
            GitError: The path is not a repository, git can't read it, or can't be run.
        """
        # The path is given explicitly, so that a folder inside another repository is not used.
        self._folder = path / ".git" if (path / ".git").exists() else path
        self._path = path
        self.shallow = self._lines("rev-parse", "--is-shallow-repository") == ["true"]
        self.limit = "is shallow" if self.shallow else ""
        """The reason why it may lack commits of the original; empty if there is none."""
        wanted = ("config", "--get-regexp", r"^remote\..*\.fetch$")
        fetched = self._ask(*wanted, also=(1,))[1]
        if fetched and b"refs/heads/*" not in fetched and b"refs/*" not in fetched:
            self.limit = self.limit or "has only some of the branches"
        names = self._lines("for-each-ref", "--format=%(refname)", "refs/tags/")
        self.tags = {name.removeprefix("refs/tags/") for name in names}
        self._found: dict[str, tuple[str, str]] = {}

    def _ask(
        self,
        *arguments: str | bytes,
        given: str = "",
        also: Collection[int] = (),
        limited: bool = False,
    ) -> tuple[int, bytes]:
        """Return the exit status and the output of a command.

        Args:
            arguments: The command and its arguments.
            given: Its standard input.
            also: Exit statuses other than 0 that are answers.
            limited: True to stop it after a time, or when it prints too much.

        Raises:
            GitError: The command failed, or saw an error on the way.
        """
        folder = b"--git-dir=" + os.fsencode(self._folder)
        result = run(folder, *arguments, given=given.encode("utf-8"), limited=limited)
        said = result.stderr.decode("utf-8", "replace").splitlines()
        failed = result.returncode != 0 and result.returncode not in also
        errors = [line for line in said if line.startswith(("fatal: ", "error: "))]
        if not failed and not errors:
            return result.returncode, result.stdout
        message = (errors or said or [f"git {arguments[0]!s} ended with {result.returncode}"])[-1]
        message = message.partition(": ")[2] if errors else message
        if "not a git repository" in message:
            raise GitError(f"{self._path} is not a git repository")
        if _MISSING.search(message):
            raise MissingObject(f"{self._path} lacks data that this needs: {message}")
        raise GitError(f"git can't read {self._path}: {message}")

    def _lines(self, *arguments: str, given: str = "", also: Collection[int] = ()) -> list[str]:
        output = self._ask(*arguments, given=given, also=also)[1].decode("utf-8", "replace")
        return output.removesuffix("\n").split("\n") if output else []

    def objects(self, names: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Look up objects by their ids; branches or tags with such names are ignored.

        Args:
            names: Ids or their beginnings, in lower case.

        Returns:
            For each the full id and the type, which may also be ``missing`` or ``ambiguous``.
        """
        names = set(names)
        there = self._there(names - set(self._found))
        single = {name: ids[0] for name, ids in there.items() if len(ids) == 1}
        check = "--batch-check=%(objectname) %(objecttype)"
        answers = self._lines("cat-file", check, given="".join(f"{i}\n" for i in single.values()))
        for name, ids in there.items():
            self._found[name] = ("", "ambiguous" if ids else "missing")
        for name, line in zip(single, answers, strict=True):
            id_, _, kind = line.partition(" ")
            self._found[name] = (id_, kind)
        return {name: self._found[name] for name in names}

    def _there(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Return the ids in this clone that begin with each abbreviation.

        Any other query for an object that a partial clone lacks would fetch it.
        """
        wanted = sorted(names)
        there: dict[str, list[str]] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            batch = wanted[start : start + _AT_ONCE]
            ids = sorted(
                set(self._lines("rev-parse", *(f"--disambiguate={prefix}" for prefix in batch)))
            )
            there |= {prefix: [id_ for id_ in ids if id_.startswith(prefix)] for prefix in batch}
        return there

    def resolve(self, name: str) -> str:
        """Return the full id of the commit that a name such as ``HEAD~2`` means; may be empty."""
        if name.startswith("-") or not name.isprintable():
            return ""
        wanted = ("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        return "".join(self._lines(*wanted, also=(1,)))

    def piped(self, stages: Iterable[Sequence[str]]) -> list[str]:
        """Run a pipeline of commands that a record describes; return the lines it prints.

        Args:
            stages: Their arguments, with revisions as full ids, so that none can be an option.

        Raises:
            GitError: One of them failed, took too long, or printed too much.
        """
        output = ""
        for stage in stages:
            nothing = (1,) if stage[0] == "grep" else ()
            _, printed = self._ask(*stage, given=output, also=nothing, limited=True)
            output = printed.decode("utf-8", "replace")
        return output.removesuffix("\n").split("\n") if output else []

    def range(self, first: str, dots: str, last: str) -> list[str]:
        """Return the commits in a range between full ids, with ``..`` or ``...``, oldest first."""
        return self._lines("rev-list", "--reverse", "--topo-order", f"{first}{dots}{last}")

    def changed(self, id_: str) -> set[str]:
        """Return the files that a commit, given by its full id, changes; none for a merge."""
        wanted = ("diff-tree", "--root", "-r", "-z", "--no-commit-id", "--name-only", id_)
        return set(self._ask(*wanted)[1].decode("utf-8", "replace").split("\0")) - {""}

    def commit(self, id_: str) -> Commit:
        """Read a commit, given by its full id."""
        format_ = "--format=%s%x00%an%x00%as%x00%cs"
        output = self._ask("rev-list", "--no-walk", "--encoding=UTF-8", format_, id_)[1]
        guessed = False
        try:
            text = output.decode("utf-8")
        except UnicodeDecodeError:
            text = output.decode("cp1252", "replace")
            guessed = True
        subject, *rest = text.partition("\n")[2].removesuffix("\n").split("\0")
        # Git leaves a placeholder unexpanded if an author has no name or date.
        author, date, committed = ("" if part in ("%an", "%as", "%cs") else part for part in rest)
        return Commit(subject, author, date, committed, guessed)

    def contains(self, tag: str, commit: str) -> bool:
        """Return whether a tag contains a commit."""
        ancestor = ("merge-base", "--is-ancestor", commit, f"refs/tags/{tag}^{{commit}}")
        return self._ask(*ancestor, also=(1,))[0] == 0

    def last_day(self) -> str:
        """Return the date of the newest commit; empty if there is none."""
        newest = ("--all", "--max-count=1", "--date-order", "--format=%cs")
        return "".join(self._lines("rev-list", *newest)[1:])

    def namesakes(self, subject: str, author: str) -> list[str]:
        """Return commits with the same subject and author."""
        lines = self._lines(
            "rev-list", "--all", "--encoding=UTF-8", "--fixed-strings", f"--grep={subject}",
            "--format=%H%x00%s%x00%an",
        )  # fmt: skip
        parts = [line.split("\0") for line in lines if "\0" in line]
        return [
            id_ for id_, *rest in parts if [as_line(field) for field in rest] == [subject, author]
        ]

    def entry(self, tree: str, file: str) -> str:
        """Return the type of the object at a path, without reading it.

        Args:
            tree: The full id of a commit or tree, or ``refs/tags/`` and a tag.
            file: The path relative to the root of the repository.

        Returns:
            ``blob``, ``tree``, ``commit`` for a nested repository, or empty if there is none.
        """
        listed = self._ask("ls-tree", "--full-tree", "-z", tree, f":(top,literal){file}")[1]
        for line in listed.decode("utf-8", "replace").split("\0"):
            facts, _, path = line.partition("\t")
            if path == file:
                return facts.split()[1]
        return ""

    def changes(self, file: str) -> list[Change]:
        """List the changes of a file up to the current commit, newest first.

        Those under earlier names are included; versions that existed only on a branch before it was
        merged do not count. The path is relative to the root of the repository.
        """
        if self._ask("rev-parse", "--verify", "--quiet", "HEAD", also=(1,))[0]:
            return []
        wanted = ("rev-list", "--first-parent", "--parents", "--timestamp", "HEAD")
        commits = [line.split()[:3] for line in self._lines(*wanted)]
        times = {commit: int(time) for time, commit, *_ in commits}
        places = {commit: place for place, commit in enumerate(times)}
        output = self._ask(
            "diff-tree", "--stdin", "--root", "-r", "--raw", "-z", "--no-abbrev", "--follow",
            "-l0", "--", b":(top,literal)" + os.fsencode(file),
            given="".join(f"{' '.join(parts[1:])}\n" for parts in commits),
        )[1]  # fmt: skip
        found = []
        commit = ""
        for token in output.decode("utf-8", "replace").split("\0"):
            if token in times:
                commit = token
            elif match := _RAW.fullmatch(token):
                day = datetime.datetime.fromtimestamp(times[commit], datetime.UTC).date()
                before, after, kind = (one if one.strip("0") else "" for one in match.groups())
                found.append(Change(commit, str(day), places[commit], before, after, kind))
        return found

    def versions(self, file: str) -> tuple[list[str], int]:
        """Read all versions of a file up to the current commit, see :meth:`changes`.

        Returns:
            The texts, and the number of versions that this clone lacks.
        """
        changes = self.changes(file)
        ever = {id_ for change in changes for id_ in (change.before, change.after)} - {""}
        ids = [id_ for id_, there in self._there(ever).items() if there]
        texts = [text.decode("utf-8", "replace") for text in self.contents(ids)]
        return texts, len(ever) - len(ids)

    def contents(self, blobs: Sequence[str]) -> list[bytes]:
        """Read files by their full ids.

        Raises:
            MissingObject: This clone lacks one.
        """
        if missing := [id_ for id_, there in self._there(blobs).items() if not there]:
            raise MissingObject(f"{self._path} lacks the object {missing[0]}")
        rest = self._ask("cat-file", "--batch", given="".join(f"{id_}\n" for id_ in blobs))[1]
        found = []
        for _ in blobs:
            header, _, rest = rest.partition(b"\n")
            size = int(header.split()[2])
            found.append(rest[:size])
            rest = rest[size + 1 :]
        return found
