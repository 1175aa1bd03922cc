"""Addresses of items and pages on the site, made of ids and never of titles."""

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
"""The site folder with the pages of each kind of item."""
_HISTORY = {
    "github.com": ("commits", "HEAD"),
    "gitlab": ("-/commits", "HEAD"),
    "codeberg.org": ("commits/commit", ""),
}
"""The path of a file's history on each host, and the host's name for the newest revision."""
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Address:
    """A page on the site, and an anchor on it."""

    page: str
    """The page's Markdown file, such as ``cases/some-case.md``."""
    anchor: str = ""
    """The anchor on the page; empty for the page itself."""

    def url(self, *, directories: bool = True) -> str:
        """Return the address relative to the root of the site, without a leading slash.

        Args:
            directories: True if each page is a folder with an ``index.html``, as with MkDocs'
                ``use_directory_urls``.
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
    """Return the address of any item of a catalogue: its page and the anchor there."""
    if item.kind in ("pattern", "stage"):
        return Address("patterns/index.md", item.id)
    if item.kind == "term":
        return Address("glossary.md", item.id)
    if item.owner:
        return Address(f"cases/{item.owner}.md", item.id)
    return Address(f"{FOLDERS[item.kind]}/{item.id}.md")


def file_at(address: str) -> str:
    """Return the file of the built site that is served at a page's address by any host."""
    return address + "index.html" if address.endswith("/") or not address else address


def reply_file(item: Item) -> str:
    """Return the file with an item's reply, relative to the root of the site.

    It is in the folder of the item's page: ``reply.txt`` for an item with its own page,
    ``reply/ANCHOR.txt`` for one with an anchor. Examples are ``lessons/some-lesson/reply.txt``,
    ``cases/one/reply/some-event.txt`` and ``patterns/reply/late-review.txt``, whether or not
    pages are folders.
    """
    address = address_of(item)
    folder = Address(address.page).url(directories=True)
    return folder + (f"reply/{address.anchor}.txt" if address.anchor else "reply.txt")


@dataclass(frozen=True, slots=True)
class Site:
    """The published location of the pages, and the form of their addresses."""

    url: str = ""
    """The address of the root, with a trailing slash; empty if unknown."""
    directories: bool = True
    """True if pages are folders, see :meth:`Address.url`."""

    revision: str = ""
    """The revision of the records that the site is built from; empty if unknown."""
    contact: str = ""
    """The mail address for disputes; may be empty."""
    dispute_form: str = ""
    """The address of a dispute form, with ``{item}`` and ``{revision}``; may be empty."""
    dispute_guide: str = ""
    """The Markdown file that explains how to dispute, optionally with an anchor; may be empty."""
    links_from_files: bool = False
    """True if links in the HTML of a Markdown file are relative to that file, not its address."""
    history: str = ""
    """The address of the git history of a record, with ``{file}``; may be empty."""

    @property
    def path(self) -> str:
        """Return the path of the root on its host, with slashes around it; empty if unknown."""
        return urlsplit(self.url).path

    def wrong_option(self) -> str:
        """Return why disputes can't be sent as configured; empty if they can."""
        if self.dispute_form and not self.dispute_form.startswith("https://"):
            return "dispute_form: this is not an https address"
        if self.contact and not _MAIL.fullmatch(self.contact):
            return f"contact: {self.contact!r} is not a mail address"
        return ""

    def form(self, reference: str, revision: str) -> str:
        """Return the address of the dispute form filled in for an item; empty without a form."""
        form = self.dispute_form.replace("{item}", quote(reference, safe=""))
        return form.replace("{revision}", quote(revision, safe=""))

    def history_of(self, item: Item) -> str:
        """Return the address of the git history of an item's file; empty if it is not known."""
        kind = {"stage": "pattern"}.get(item.kind, "case" if item.owner else item.kind)
        if kind not in KINDS:
            return ""
        return self.history.replace("{file}", f"{KINDS[kind][0]}/{item.owner or item.id}.yml")

    def address(self, target: Address) -> str:
        """Return the full address of a place, without a host if the site's is unknown."""
        return (self.url or "/") + target.url(directories=self.directories)

    def file_of(self, page: str) -> str:
        """Return the file of the built site that holds a page, given its Markdown file."""
        return file_at(Address(page).url(directories=self.directories))

    def cited(self, item: Item) -> str:
        """Return the full address for citing an item: the short one if it has one."""
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
    """Return the address of a commit, using its repository's pattern."""
    return pattern.replace("{commit}", commit)


def file_in(pattern: str, path: str, at: str) -> str:
    """Return the address of a file at a tag or commit, using its repository's pattern."""
    return pattern.replace("{path}", quote(path)).replace("{at}", quote(at))


def checklist_of(kind: str) -> str:
    """Return the Markdown file of the page with the lessons for a kind of interface."""
    return f"lessons/for/{kind}.md"


def document_at(patterns: Iterable[Documents], path: str) -> str | None:
    """Return the address of one of the project's documents; None if no pattern fits its path."""
    for documents in patterns:
        before, _, after = documents.file.partition("{page}")
        if path.startswith(before) and path.endswith(after):
            page = path[len(before) : len(path) - len(after)]
            if page:
                return documents.address.replace("{page}", quote(page))
    return None


def mail_in(pattern: str, mail: str) -> str:
    """Return the address of a mail in an archive, or the one given instead of a message id."""
    return mail if is_address(mail) else pattern.replace("{message_id}", quote(mail, safe="@"))


def places(items: Iterable[Item]) -> dict[str, Item]:
    """Return items by each of their addresses, relative to the root of the site."""
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
    """Return why a text can't be the address of a site; empty if it can."""
    try:
        parts = urlsplit(address)
        named = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:
        named = False
    if not named or not address.isprintable() or " " in address:
        return f"{address!r} is not a web address; write https:// and the name of a host"
    if parts.query or parts.fragment:
        return f"{address!r} can't be the root of a site: it has a ? or a #"
    return ""


def revision_of(read: object, written: str) -> str:
    """Return the revision of the records as it was written in YAML.

    Args:
        read: The parsed value. YAML makes a number of an all-digit commit: 83 of 0123.
        written: The text that may have been written.

    Returns:
        The written text if YAML parses it to that value, and the parsed value otherwise.

    Raises:
        ValueError: The value is neither a string nor a number.
    """
    if type(read) is int:
        return written if written.isdigit() and yaml.safe_load(written) == read else str(read)
    if not isinstance(read, str):
        raise ValueError(  # noqa: TRY004 - the value is wrong, not an argument's type
            f"YAML reads this as {read!r}, which is not a string; put quotes around it, or a letter"
            " before it"
        )
    return read


def root_of_site(*known: str | None) -> str:
    """Return the address of the root of a site, with a trailing slash; empty if unknown.

    The first of the ``known`` addresses that is set counts.
    """
    found = next((address for address in known if address), "")
    return found.rstrip("/") + "/" if found else ""


def relative(
    target: Address, page: str, *, directories: bool = True, from_file: bool = False
) -> str:
    """Return the address of a place as a link from a page.

    Args:
        target: The place.
        page: The Markdown file of the page with the link.
        directories: See :meth:`Address.url`.
        from_file: True if the link is relative to the Markdown file. Zensical resolves all links in
            HTML that way; others resolve them like browsers, from the address of the page.

    Returns:
        A relative address that works on any host, and from disk if pages are not folders.
    """
    if target.page == page and target.anchor:
        return f"#{target.anchor}"
    url = target.url(directories=directories)
    return relative_address(url, page, directories=directories, from_file=from_file)


def relative_address(
    address: str, page: str, *, directories: bool = True, from_file: bool = False
) -> str:
    """Return an address relative to the root of the site as a link from a page.

    The address has no leading slash; the rest, and the result, are as in :func:`relative`.
    """
    url, _, anchor = address.partition("#")
    place = page if from_file else Address(page).url(directories=directories)
    return _path(url, place) + (f"#{anchor}" if anchor else "")


@lru_cache(maxsize=1 << 12)
def _path(url: str, place: str) -> str:
    """Return the relative path from one place to another; cached because many links repeat."""
    # Both are plain paths below the root, so it is enough to drop their common beginning.
    from_parts = place.split("/")[:-1]
    to_parts = url.split("/")
    shared = 0
    for step, other_step in zip(from_parts, to_parts[:-1], strict=False):
        if step != other_step:
            break
        shared += 1
    path = "/".join([".."] * (len(from_parts) - shared) + to_parts[shared:])
    return quote(path or "./")
