"""Addresses of items and pages on the site. They are made of ids, never of titles."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

import yaml

from abicase.schema.casebook import Documents
from abicase.schema.fields import is_address
from abicase.schema.items import Item, short_of
from abicase.schema.records import KINDS

FOLDERS = {kind: folder for kind, (folder, _) in KINDS.items()} | {"pair": "compare"}
"""The folder of the site in which the items of a kind have their pages."""
_HISTORY = {
    "github.com": ("commits", "HEAD"),
    "gitlab": ("-/commits", "HEAD"),
    "codeberg.org": ("commits/commit", ""),
}
"""How hosts address the history of a file, and what they call the newest revision."""
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Address:
    """A place on the site."""

    page: str
    """The Markdown file that makes the page, such as ``cases/some-case.md``."""
    anchor: str = ""
    """The anchor on the page; empty for the page itself."""

    def url(self, *, directories: bool = True) -> str:
        """The address from the root of the site, without a slash in front.

        Args:
            directories: Whether pages are folders with an ``index.html``, as MkDocs'
                ``use_directory_urls`` makes them.
        """
        url = _url(self.page, directories)
        return f"{url}#{self.anchor}" if self.anchor else url


@lru_cache(maxsize=1 << 13)
def _url(page: str, directories: bool) -> str:
    path, _ = posixpath.splitext(page)
    if not directories:
        return path + ".html"
    if posixpath.basename(path) == "index":
        return posixpath.dirname(path) + "/" if posixpath.dirname(path) else ""
    return path + "/"


def address_of(item: Item) -> Address:
    """The address of an item.

    Args:
        item: Any item of a catalogue.

    Returns:
        Its page and its anchor there.
    """
    if item.kind in ("pattern", "stage"):
        return Address("patterns/index.md", item.id)
    if item.kind == "term":
        return Address("glossary.md", item.id)
    if item.owner:
        return Address(f"cases/{item.owner}.md", item.id)
    return Address(f"{FOLDERS[item.kind]}/{item.id}.md")


def file_at(address: str) -> str:
    """The file of the built site that answers at the address of a page, on any host."""
    return address + "index.html" if address.endswith("/") or not address else address


def reply_file(item: Item) -> str:
    """The file that holds an item's reply, from the root of the site.

    It lies in the folder of the item's page: ``reply.txt`` for what the page is about,
    ``reply/ANCHOR.txt`` for what has an anchor there. So ``lessons/some-lesson/reply.txt``,
    ``cases/one/reply/some-event.txt``, ``patterns/reply/late-review.txt``; whether pages are
    folders or not makes no difference.
    """
    address = address_of(item)
    folder = Address(address.page).url(directories=True)
    return folder + (f"reply/{address.anchor}.txt" if address.anchor else "reply.txt")


@dataclass(frozen=True, slots=True)
class Site:
    """The place where the pages are published, and their form."""

    url: str = ""
    """The address of the root, with a slash at its end; empty where it is not known."""
    directories: bool = True
    """Whether pages are folders, see :meth:`Address.url`."""

    revision: str = ""
    """The revision of the records that the site is made from; empty where it is not known."""
    contact: str = ""
    """The mail address for disputes; may be empty."""
    dispute_form: str = ""
    """The address of a form for disputes, with ``{item}`` and ``{revision}``; may be empty."""
    dispute_guide: str = ""
    """The Markdown file that tells how to dispute, with an anchor where it has one; may be empty.
    """
    history: str = ""
    """The address of the git history of a file of records, with ``{file}``; may be empty."""

    @property
    def path(self) -> str:
        """The path of the root on its host, with slashes around it; empty where it is not known."""
        return urlsplit(self.url).path

    def wrong_option(self) -> str:
        """The reason why disputes can't be sent as configured; empty where they can."""
        if self.dispute_form and not self.dispute_form.startswith("https://"):
            return "dispute_form: this is no https address"
        if self.contact and not _MAIL.fullmatch(self.contact):
            return f"contact: {self.contact!r} is no mail address"
        return ""

    def form(self, reference: str, revision: str) -> str:
        """The address of the form for disputes, filled in for an item; empty without one."""
        form = self.dispute_form.replace("{item}", quote(reference, safe=""))
        return form.replace("{revision}", quote(revision, safe=""))

    def history_of(self, item: Item) -> str:
        """Return the address of the git history of an item's file; empty if it is not known."""
        kind = {"stage": "pattern"}.get(item.kind, "case" if item.owner else item.kind)
        if kind not in KINDS:
            return ""
        return self.history.replace("{file}", f"{KINDS[kind][0]}/{item.owner or item.id}.yml")

    def address(self, target: Address) -> str:
        """The whole address of a place; without a host where the site's is not known."""
        return (self.url or "/") + target.url(directories=self.directories)

    def file_of(self, page: str) -> str:
        """The file of the built site in which a page is, named by its Markdown file."""
        return file_at(Address(page).url(directories=self.directories))

    def cited(self, item: Item) -> str:
        """The whole address by which an item is cited: the short one where it has one."""
        short = short_of(item.reference)
        return f"{self.url or '/'}{short}/" if short else self.address(address_of(item))


def history_in(repository: str, revision: str, folder: str) -> str:
    """Return the address of a file's git history, on hosts whose form of it is known.

    Args:
        repository: The address of the repository on the web.
        revision: The last revision to show; the newest if empty.
        folder: The folder of the file, from the root of the repository.

    Returns:
        The address, with ``{file}`` in place of the file's name; empty on another host.
    """
    parts = urlsplit(repository)
    host = parts.hostname or ""
    form, newest = next((_HISTORY[name] for name in _HISTORY if name in host), ("", ""))
    if parts.scheme != "https" or not form or not (revision or newest):
        return ""
    return f"{repository.rstrip('/')}/{form}/{quote(revision or newest)}/{quote(folder)}/{{file}}"


def commit_at(pattern: str, commit: str) -> str:
    """The address of a commit, by the pattern of its repository."""
    return pattern.replace("{commit}", commit)


def file_in(pattern: str, path: str, at: str) -> str:
    """The address of a file at a tag or commit, by the pattern of its repository."""
    return pattern.replace("{path}", quote(path)).replace("{at}", quote(at))


def checklist_of(kind: str) -> str:
    """The Markdown file of the page with the lessons for a kind of interface."""
    return f"lessons/for/{kind}.md"


def document_at(patterns: Iterable[Documents], path: str) -> str | None:
    """The address of a document of the project; None where no pattern fits its path."""
    for documents in patterns:
        before, _, after = documents.file.partition("{page}")
        if path.startswith(before) and path.endswith(after):
            page = path[len(before) : len(path) - len(after)]
            if page:
                return documents.address.replace("{page}", quote(page))
    return None


def mail_in(pattern: str, mail: str) -> str:
    """The address of a mail in an archive, or the one that stands in for its message id."""
    return mail if is_address(mail) else pattern.replace("{message_id}", quote(mail, safe="@"))


def places(items: Iterable[Item]) -> dict[str, Item]:
    """Items by each address at which they are found, from the root of the site."""
    found: dict[str, Item] = {}
    for item in items:
        address = address_of(item)
        long = [address.url(directories=directories) for directories in (True, False)]
        short = short_of(item.reference)
        shorts = [f"{short}/", f"{short}/index.html"] if short else []
        for place in (*long, reply_file(item), *shorts):
            found[place] = item
            found.setdefault(place.replace("/#", "#").removesuffix("/"), item)
    return found


def what_is_wrong(address: str) -> str:
    """The reason why a text can't be the address of a site; empty where it can."""
    try:
        parts = urlsplit(address)
        named = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:
        named = False
    if not named or not address.isprintable() or " " in address:
        return f"{address!r} is no address on the web; it begins with https:// and names a host"
    if parts.query or parts.fragment:
        return f"{address!r} is no address that others can be put below: it has a ? or a #"
    return ""


def revision_of(read: object, written: str) -> str:
    """The revision of the records, as it was written in YAML.

    Args:
        read: What YAML has read; of a commit of digits only it makes a number, 83 of 0123.
        written: What may have been written.

    Returns:
        What was written, if it is read like that, and what was read otherwise.

    Raises:
        ValueError: YAML has read neither a text nor a number.
    """
    if type(read) is int:
        return written if written.isdigit() and yaml.safe_load(written) == read else str(read)
    if not isinstance(read, str):
        raise ValueError(  # noqa: TRY004 - a wrong value is written there
            f"YAML reads this as {read!r}, which is no text; put quotes around it, or a letter"
            " before it"
        )
    return read


def root_of_site(*known: str | None) -> str:
    """The address of the root of a site, with a slash at its end.

    Args:
        known: Where it may be known from, the first that is counts.

    Returns:
        The address; empty where it is not known.
    """
    found = next((address for address in known if address), "")
    return found.rstrip("/") + "/" if found else ""


def relative(target: Address, page: str, *, directories: bool = True) -> str:
    """The address of a place as a page links to it.

    Args:
        target: The place.
        page: The Markdown file of the page that holds the link.
        directories: See :meth:`Address.url`.

    Returns:
        A relative address that works on any host, and from files where pages are not folders.
    """
    if target.page == page and target.anchor:
        return f"#{target.anchor}"
    return relative_address(target.url(directories=directories), page, directories=directories)


def relative_address(address: str, page: str, *, directories: bool = True) -> str:
    """An address from the root of the site as a page links to it.

    Args:
        address: The address, without a slash in front.
        page: The Markdown file of the page that holds the link.
        directories: See :meth:`Address.url`.

    Returns:
        A relative address, see :func:`relative`.
    """
    url, _, anchor = address.partition("#")
    return _path(url, page, directories) + (f"#{anchor}" if anchor else "")


@lru_cache(maxsize=1 << 12)
def _path(url: str, page: str, directories: bool) -> str:
    """The relative path from a page to another; many links lead there."""
    # Both are plain paths below the root: there is no more to do than to leave out what they share.
    here = Address(page).url(directories=directories).split("/")[:-1]
    there = url.split("/")
    shared = 0
    for one, other in zip(here, there[:-1], strict=False):
        if one != other:
            break
        shared += 1
    path = "/".join([".."] * (len(here) - shared) + there[shared:])
    return quote(path or "./")
