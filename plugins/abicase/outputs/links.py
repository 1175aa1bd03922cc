"""Checks that permalinks still resolve, on the built site and in the history of the ledger.

The site is read as files, without any knowledge of the records, the theme or the generator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from pydantic import ValidationError

from abicase.ledger.ledger import FIELD, Fate, Flaw, Ledger, how_to_retire
from abicase.outputs.api import VERSION, Links, Permalink
from abicase.outputs.builtsite import BuiltPage, BuiltSite
from abicase.problems.problem import Problem
from abicase.provenance.git import GitError, GitRepository
from abicase.schema.addresses import file_at
from abicase.schema.fields import REFERENCE
from abicase.source.document import parse
from abicase.source.folders import records_option_for, work_tree
from abicase.source.reading import Entry, shown_path
from abicase.text.plaintext import one_line


def _links_to(page: BuiltPage, file: str, place: str) -> bool:
    """Return whether one of the links of a page leads to a place on the site."""
    return any(_resolved(link.value, file) == place for link in page.links)


def _says(page: BuiltPage, text: str) -> bool:
    return one_line(text) in one_line("".join(page.texts))


def _resolved(href: str, file: str) -> str:
    """Resolve a link from the site's root; empty if it leads to another site."""
    parts = urlsplit(urljoin(f"/{file}", href))
    if parts.scheme or parts.netloc:
        return ""
    path = re.sub(r"(^|/)index\.html$", r"\1", unquote(parts.path)).lstrip("/")
    return path + (f"#{parts.fragment}" if parts.fragment else "")


def check(entry: Entry, site: BuiltSite) -> list[Problem]:
    """Check a built site against the ledger.

    Returns:
        A problem for each permalink that does not resolve correctly, at its line of the ledger.
    """
    ledger = Ledger.of(entry.record)
    option = records_option_for(shown_path(entry.path.parent))
    flaws = list(ledger.flaws(option=option))
    wrong = {flaw.reference for flaw in flaws}
    for fate in ledger.fates():
        if fate.reference not in wrong:
            flaws += _of_item(ledger, site, fate, option)
    for short, fate in ledger.shorts():
        if short not in wrong and fate.reference not in wrong:
            flaws += _of_short(ledger, site, short, fate)
    return _problems(entry, flaws)


def _of_item(ledger: Ledger, site: BuiltSite, fate: Fate, option: str) -> Iterator[Flaw]:
    def broken(message: str, hint: str) -> Flaw:
        return Flaw("broken-permalink", fate.reference, message, hint)

    back = "build the site with the plugin or with abicase render, which keep it"
    if fate.state == "live":
        retire = how_to_retire(fate.reference, option=option)
        back = f"restore it, or record what became of it: {retire}"
    file = file_at(fate.page)
    page = site.page(file)
    if page is None:
        yield broken(f"there is no {file}", back)
        return
    if fate.anchor and fate.anchor not in page.anchors:
        yield broken(f"{fate.page or 'the home page'} has no anchor {fate.anchor!r}", back)
    if fate.state == "live":
        return
    new = [to.at for target in fate.to if (to := ledger.permalinks.get(target))]
    for place in new:
        elsewhere = place.partition("#")[0] != fate.page
        if elsewhere and not _links_to(page, file, place):
            hint = "the page left there has to have the link"
            yield broken(f"{fate.page} does not link to {place}, where it moved", hint)
    if not fate.anchor and not page.hidden:
        hint = '<meta name="robots" content="noindex"> belongs in its head'
        yield broken(f"{fate.page} is {fate.state} but open to search engines", hint)
    if not fate.anchor or fate.state != "moved":
        for what, said in (("since when", str(fate.on)), ("why", fate.because)):
            if not _says(page, said):
                hint = f"the page has to say {said!r}"
                yield broken(f"{fate.page} does not say {what} it is {fate.state}", hint)


def _of_short(ledger: Ledger, site: BuiltSite, short: str, fate: Fate) -> Iterator[Flaw]:
    at = ledger.permalinks[short].at
    file = file_at(at)
    page = site.page(file)
    if page is None:
        hint = "build the site with the plugin or with abicase render, which make it"
        yield Flaw("broken-permalink", short, f"there is no {file}", hint)
        return
    new = [to.at for target in fate.to if (to := ledger.permalinks.get(target))]
    for place in new or [fate.at]:
        if not _links_to(page, file, place):
            hint = f"a short address has to link to its item, {fate.reference}"
            yield Flaw("broken-permalink", short, f"{at} does not link to {place}", hint)


# Items of the site that the ledger lacks

LINKS_FILE = f"api/{VERSION}/links.json"
"""The file of a built site that lists all items on it."""


def listed(folder: Path) -> Sequence[Permalink] | None:
    """Return the items that a built site lists, or None if it has no such list."""
    try:
        return Links.model_validate_json((folder / LINKS_FILE).read_bytes()).links
    except (OSError, ValidationError):
        return None


def unpublished(entry: Entry, items: Sequence[Permalink] | None) -> list[str]:
    """Return the references of the permalinks that the items need and the ledger lacks.

    The items are the result of :func:`listed`; the references of whole pages come first.
    """
    needed = {item.reference for item in items or ()}
    needed |= {item.short.rstrip("/") for item in items or () if item.short}
    new = needed - set(entry.record.permalinks)
    return sorted(new, key=lambda reference: ("#" in reference, reference[0].isupper(), reference))


def reworded(entry: Entry, items: Sequence[Permalink] | None) -> list[str]:
    """Return the :func:`listed` statements whose wording differs from the one in the ledger."""
    known = {ref: one.wording for ref, one in entry.record.permalinks.items() if one.wording}
    return [
        item.reference
        for item in items or ()
        if item.wording and known.get(item.reference, item.wording) != item.wording
    ]


def behind(entry: Entry, new: list[str], reworded: list[str], command: str) -> Iterator[Problem]:
    """Yield one problem for all missing permalinks, and one for all rewordings.

    They are the results of :func:`unpublished` and :func:`reworded`; the command brings the ledger
    up to date.
    """
    hint = f"on the branch that is published: {command}, and commit {entry.document.file}"
    document = entry.document
    if new:
        yield document.problem("unpublished", (FIELD,), missing(new), hint, key=True)
    if reworded:
        path = (FIELD, reworded[0])
        yield document.problem("reworded", path, changed(reworded), hint, key=True)


def changed(references: list[str]) -> str:
    """Return a phrase with the number of reworded statements and the first of them."""
    if len(references) == 1:
        return f"{references[0]} was reworded since it was published"
    count = len(references)
    return f"{count} statements were reworded since they were published, such as {references[0]}"


def missing(references: list[str]) -> str:
    """Return a phrase with the number of missing permalinks and the first of them."""
    if len(references) == 1:
        return f"the permalink of {references[0]} is missing"
    return f"{len(references)} permalinks are missing, such as that of {references[0]}"


# The history of the ledger


def check_history(entry: Entry) -> tuple[list[Problem], str]:
    """Check the ledger against every version of it in its git history.

    Returns:
        A problem for each line that was removed or given another address or first date; and the
        reason why not all of the history was read, empty if it was.

    Raises:
        GitError: The ledger is not in a readable git repository, or git is missing.
    """
    file = entry.path.resolve()
    root = work_tree(file.parent) or file.parent
    repository = GitRepository(root)
    versions, unread = _versions(repository, file.relative_to(root).as_posix())
    ever = {line for version in versions for line in version.splitlines()}
    ever -= set(entry.document.lines)
    flaws: dict[tuple[str, str], Flaw] = {}
    for line in sorted(ever):
        for reference, at, since in _permalinks_in(line):
            now = entry.record.permalinks.get(reference)
            if now is None:
                message = f"{reference}, published on {since} at {at}, was removed"
                hint = f"restore the line: {line.strip()}"
            elif (now.at, str(now.since)) != (at, since):
                message = f"it was {at}, since {since}, and is now {now.at}, since {now.since}"
                hint = "put both back as they were"
            else:
                continue
            flaws.setdefault((reference, at), Flaw("taken-out", reference, message, hint))
    return _problems(entry, flaws.values()), unread


def _versions(repository: GitRepository, file: str) -> tuple[list[str], str]:
    """Return all readable versions of a ledger, and the reason why there may be more."""
    try:
        versions, missing = repository.versions(file)
    except GitError as error:
        return [], str(error)
    if missing:
        return versions, f"this clone lacks {missing} of {len(versions) + missing} versions of it"
    if not versions:
        return [], "it is not in any commit yet"
    return (
        versions,
        "this clone is shallow and has only part of it" if repository.shallow else "",
    )


def _permalinks_in(line: str) -> Iterator[tuple[str, str, str]]:
    """Yield the permalink on a line of a ledger, if there is one."""
    if not re.match(rf"\s*(?:{REFERENCE.pattern}|[A-Z]/[a-z0-9-]+)\s*:", line):
        return
    document, problems = parse(line, "")
    if document is None or problems:
        return
    for reference, value in document.plain().items():
        if isinstance(value, dict) and {"at", "since"} <= set(value):
            yield reference, str(value["at"]), str(value["since"])


def _problems(entry: Entry, flaws: Iterable[Flaw]) -> list[Problem]:
    return sorted(
        entry.document.problem(
            flaw.code, (FIELD, flaw.reference), flaw.message, flaw.hint, key=True
        )
        for flaw in flaws
    )
