"""What can be wrong with a casebook, as values: where, what, and what was probably meant."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Severity = Literal["error", "warning"]

Code = Literal[
    "alias",
    "bad-commit",
    "bad-date",
    "bad-folder",
    "bad-id",
    "bad-link",
    "bad-mail",
    "bad-pattern",
    "bad-permalink",
    "bad-reference",
    "bad-release",
    "bad-value",
    "broken-permalink",
    "control-character",
    "date-after-release",
    "date-order",
    "directive",
    "draft-reference",
    "duplicate-key",
    "empty-file",
    "empty-value",
    "encoding",
    "future-date",
    "heading",
    "huge-file",
    "id-is-not-file-name",
    "image",
    "lost-permalink",
    "many-retired",
    "missing-counter-evidence",
    "missing-evidence",
    "missing-field",
    "missing-finding",
    "missing-source",
    "named-twice",
    "patch",
    "placeholder",
    "raw-html",
    "repeated-id",
    "reserved-id",
    "reused-id",
    "stale",
    "syntax",
    "tag",
    "taken-out",
    "template",
    "too-deep",
    "unknown-field",
    "unknown-reference",
    "unknown-word",
    "unreadable",
    "unused-source",
    "wrong-type",
]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a problem code stands for; the reference page and ``--format json`` read it."""

    severity: Severity
    meaning: str
    """One sentence: what is wrong."""
    remedy: str
    """One or two sentences: how to mend it, and why the rule is there."""
    wrong: str = ""
    """A piece of a record that has the problem; may be empty."""
    right: str = ""
    """The same piece, mended."""


CODES: dict[Code, Meaning] = {
    "alias": Meaning(
        "error",
        "The file uses a YAML anchor (&name), alias (*name) or merge key.",
        "Write the value out. Aliases let a small file grow without bound and hide what is said.",
    ),
    "bad-commit": Meaning(
        "error",
        "A commit id is not 12 to 40 lower-case hexadecimal digits.",
        "Give at least twelve digits, better all forty: short ids become ambiguous.",
    ),
    "bad-date": Meaning(
        "error",
        "A date is not of the form YYYY-MM-DD, YYYY-MM or YYYY, or there is no such day.",
        "Write the date as far as it is known, and no further.",
    ),
    "bad-folder": Meaning(
        "error",
        "A YAML file lies where no kind of record is kept, or does not end in .yml.",
        "Move it into the folder of its kind; the message lists them.",
    ),
    "bad-id": Meaning(
        "error",
        "An id is not lower-case kebab-case of at most 40 characters.",
        "Ids become addresses that are kept for ever: letters, digits and single hyphens only.",
    ),
    "bad-link": Meaning(
        "error",
        "A link is neither an https address nor a reference to an item.",
        "Link to https://…, or to an item such as case/perf#event-id or claim/some-claim.",
    ),
    "bad-mail": Meaning(
        "error",
        "A mail is given neither by its message id nor by the https address of an archive.",
        "Give the bare message id (no angle brackets) where it is known: archives come and go.",
    ),
    "bad-pattern": Meaning(
        "error",
        "An address pattern has a placeholder that is not filled in, or lacks one.",
        "The message lists the placeholders.",
    ),
    "bad-permalink": Meaning(
        "error",
        "A line of the ledger contradicts itself or another one.",
        "The message says how. What moved leads to one live item, what was split to several;"
        " both say when and why, and so does what was withdrawn.",
    ),
    "bad-reference": Meaning(
        "error",
        "A reference has not the form kind/id or kind/id#part.",
        "Write it as in claim/better-abis, or case/perf#attr-size.",
    ),
    "bad-release": Meaning(
        "error",
        "A release is not written as a tag, or as repository/tag.",
        "Write v2.6.31, or qemu/v2.1.0 for a release of another repository than the default one.",
    ),
    "bad-value": Meaning(
        "error",
        "A value is outside what the field takes.",
        "The message says what the field takes.",
    ),
    "broken-permalink": Meaning(
        "error",
        "A published address does not answer on the built site with its page and anchor.",
        "Put back what it leads to, or say with abicase links retire what became of it.",
    ),
    "control-character": Meaning(
        "error",
        "A text holds a control character, or one that reorders the text around it.",
        "Remove it. Such characters can make a text read otherwise than it is.",
    ),
    "date-after-release": Meaning(
        "error",
        "A date is later than the date of the release that is said to carry the change.",
        "One of the two is wrong. Release dates are kept in the record of the repository.",
    ),
    "date-order": Meaning(
        "error",
        "Dates run backwards: a period ends before it begins, or events are out of order.",
        "Put events and periods in order of time, or mend the date.",
    ),
    "directive": Meaning(
        "error",
        "A hand-written page asks for a part that does not exist.",
        "The message lists the parts; each is written <!-- abicase: part argument -->.",
    ),
    "draft-reference": Meaning(
        "error",
        "A record that is published names or links to a draft.",
        "Finish the draft and take its draft: true out, or make this record a draft as well."
        " A draft has no page, so the link would lead nowhere.",
    ),
    "duplicate-key": Meaning(
        "error",
        "A key occurs twice in one mapping.",
        "Keep one of them. YAML would silently take the last.",
    ),
    "empty-file": Meaning(
        "error",
        "The file holds nothing.",
        "Write a record into it, or delete it.",
    ),
    "empty-value": Meaning(
        "error",
        "A field is there and has no value.",
        "Fill it in, or take the field out if it is optional.",
    ),
    "encoding": Meaning(
        "error",
        "The file is not UTF-8 without a byte order mark.",
        "Save it as UTF-8.",
    ),
    "future-date": Meaning(
        "error",
        "A date lies in the future.",
        "Records tell what has happened.",
    ),
    "heading": Meaning(
        "error",
        "A Markdown text holds a heading.",
        "Texts are shown inside pages that have their own headings; use a paragraph.",
    ),
    "huge-file": Meaning(
        "error",
        "The file is larger than a record can sensibly be.",
        "Split the case, or shorten it.",
    ),
    "id-is-not-file-name": Meaning(
        "error",
        "The id of a record is not the name of its file.",
        "Rename one of them: a reader finds a record by its id.",
    ),
    "image": Meaning(
        "error",
        "A Markdown text holds an image.",
        "Records are text. Describe it, or link to it.",
    ),
    "lost-permalink": Meaning(
        "error",
        "An item was published and is no longer in the records.",
        "Put it back, or say with abicase links retire what became of it: its address was cited,"
        " and goes on answering.",
    ),
    "many-retired": Meaning(
        "error",
        "More permalinks than a handful were retired on one day.",
        "If that is meant, name the day in many_retired_on, or use abicase links retire --many."
        " The rule is there because a slip retires many at once.",
    ),
    "missing-counter-evidence": Meaning(
        "error",
        "A lesson has no event against it, and nobody has signed that none was found.",
        "Look for a case in which the advice did not help. If there is none, say in none_found"
        " what was looked at, when and by whom.",
    ),
    "missing-evidence": Meaning(
        "error",
        "A statement has not the events that it has to rest on.",
        "Name the events. A finding without any is rated not-known;"
        " a lesson needs at least two events for it.",
    ),
    "missing-field": Meaning(
        "error",
        "A field that every record of the kind has is missing.",
        "Add it.",
    ),
    "missing-finding": Meaning(
        "error",
        "A case has no finding on one of the axes.",
        "Add one; not-known is an honest answer.",
    ),
    "missing-source": Meaning(
        "error",
        "An event or a period has no source.",
        "No statement stands without a source: cite one, or take the statement out.",
    ),
    "named-twice": Meaning(
        "error",
        "A list names the same thing twice.",
        "Take one of them out: evidence would be counted twice.",
    ),
    "patch": Meaning(
        "error",
        "A patch does not apply to the records, or does what a patch of records has no need to do.",
        "Make it anew on the current revision, with git format-patch, and send it unchanged: as an"
        " attachment, or with git send-email.",
    ),
    "placeholder": Meaning(
        "error",
        "A text still holds the TODO that a new record begins with.",
        "Write what belongs there. In a draft it may stay.",
    ),
    "raw-html": Meaning(
        "error",
        "A Markdown text holds an HTML tag or comment.",
        "Use Markdown; put literal tags in backquotes, as in `<b>`.",
    ),
    "repeated-id": Meaning(
        "error",
        "Two things that need an address of their own have the same id.",
        "Rename the newer one. In a case, events, sources, sides and axes share one namespace.",
    ),
    "reserved-id": Meaning(
        "error",
        "An id is one that pages use for themselves.",
        "Choose another id; the message lists the reserved ones.",
    ),
    "reused-id": Meaning(
        "error",
        "An item has the id of one that moved, was split or withdrawn.",
        "Choose another id: who follows the old address looks for what was there. If it is the same"
        " thing again, take the state out of its line in the ledger.",
    ),
    "stale": Meaning(
        "warning",
        "A record was reviewed, or a source of it checked, longer ago than the casebook allows.",
        "Read it again, check its sources, and set the new day. The limit is stale_after_days.",
    ),
    "syntax": Meaning(
        "error",
        "The file is not valid YAML.",
        "The message says what the YAML parser expected. A text with a colon followed by a blank"
        " needs quotation marks, or a block that begins with >-.",
    ),
    "tag": Meaning(
        "error",
        "The file uses a YAML tag (!name).",
        "Remove it: every value is read as text and typed by its field.",
    ),
    "taken-out": Meaning(
        "error",
        "A line of the ledger was taken out or its address changed, which the git history tells.",
        "Put the line back as it was. What was published stays in the ledger, whatever its state.",
    ),
    "template": Meaning(
        "error",
        "A template that the site brings could not be rendered.",
        "The message names the template and the line.",
    ),
    "too-deep": Meaning(
        "error",
        "The file nests lists and mappings deeper than any record does.",
        "Flatten it; see the record format.",
    ),
    "unknown-field": Meaning(
        "error",
        "A record has no such field.",
        "Probably a misspelling; the message names the nearest field.",
    ),
    "unknown-reference": Meaning(
        "error",
        "A reference leads to nothing.",
        "Mend the id, or add the item it names.",
    ),
    "unknown-word": Meaning(
        "error",
        "A value is none of the words that the field takes.",
        "The message lists them.",
    ),
    "unreadable": Meaning(
        "error",
        "The file can't be read, or is not a regular file.",
        "Records are plain files; links and devices are not followed.",
    ),
    "unused-source": Meaning(
        "error",
        "A source is cited by no event and no period.",
        "Cite it where it proves something, or take it out.",
    ),
    "wrong-type": Meaning(
        "error",
        "A value has the wrong shape: a text for a list, a list for a mapping, and so on.",
        "The message says which shape the field has.",
    ),
}

assert set(CODES) == set(get_args(Code))


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong, with its place."""

    file: str
    """Path of the file as it is shown to people, with forward slashes."""
    line: int
    """Line, counted from 1; 1 where the whole file is meant."""
    column: int
    """Column in characters, counted from 1."""
    code: Code
    where: str
    """Path inside the record, such as ``events[attr-size].date``; empty for the whole file."""
    message: str
    hint: str = ""
    """What was probably meant, or what to do; may be empty."""

    @property
    def severity(self) -> Severity:
        """Whether the problem stops a build."""
        return CODES[self.code].severity

    def __str__(self) -> str:
        """The problem in one line, in the form compilers use."""
        where = f"{self.where}: " if self.where else ""
        hint = f" ({self.hint})" if self.hint else ""
        return (
            f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.code}: "
            f"{where}{self.message}{hint}"
        )


_MOST_CANDIDATES = 5000
"""Among more words than these no hint is sought: it would take longer than it helps."""


def nearest(word: str, words: Iterable[str]) -> str:
    """The word that was probably meant, for a hint.

    Args:
        word: What was written.
        words: What could have been written.

    Returns:
        ``did you mean …?``, or an empty text when nothing is near.
    """
    candidates = sorted(words)
    if len(candidates) > _MOST_CANDIDATES:
        return ""
    lowered = {candidate.lower(): candidate for candidate in candidates}
    if word.lower() in lowered:
        return f"did you mean {lowered[word.lower()]!r}?"
    longer = [candidate for candidate in candidates if candidate.startswith(word)]
    if len(longer) == 1:
        return f"did you mean {longer[0]!r}?"
    found = difflib.get_close_matches(word, candidates, n=1, cutoff=0.6)
    return f"did you mean {found[0]!r}?" if found else ""


def as_text(problems: Iterable[Problem]) -> str:
    """All problems, sorted, one to a line."""
    return "\n".join(str(problem) for problem in sorted(problems))


def as_json(problems: Iterable[Problem]) -> str:
    """All problems, sorted, as a JSON list of objects."""
    return json.dumps(
        [
            {
                "file": p.file,
                "line": p.line,
                "column": p.column,
                "severity": p.severity,
                "code": p.code,
                "where": p.where,
                "message": p.message,
                "hint": p.hint,
            }
            for p in sorted(problems)
        ],
        indent=2,
        ensure_ascii=False,
    )


def annotation(level: str, place: tuple[str, int, int], title: str, message: str) -> str:
    """A workflow command that GitHub shows as an annotation on a line of a pull request.

    The escapes are those of GitHub's own toolkit (``@actions/core``, ``command.ts``).

    Args:
        level: ``error``, ``warning`` or ``notice``.
        place: File, line and column.
        title: The title.
        message: The text.
    """

    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def value(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    file, line, column = place
    where = f"file={value(file)},line={line},col={column},title={value(title)}"
    return f"::{level} {where}::{data(message)}"


def as_github(problems: Iterable[Problem]) -> str:
    """All problems, sorted, as annotations."""
    return "\n".join(
        annotation(
            p.severity,
            (p.file, p.line, p.column),
            p.code,
            (f"{p.where}: " if p.where else "") + p.message + (f" ({p.hint})" if p.hint else ""),
        )
        for p in sorted(problems)
    )
