"""``abicase links``: permalinks, and whether they still resolve."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import click

from abicase.cli.ending import finish, stop, summary, wrong_call
from abicase.cli.options import CommandGroup, format_option, records_option, today
from abicase.cli.records import records_root
from abicase.problems.reporters import Form

if TYPE_CHECKING:
    from abicase.authoring.rewordings import Rewriting
    from abicase.outputs.builtsite import BuiltSite
    from abicase.problems.problem import Problem
    from abicase.schema.fields import Day
    from abicase.schema.records import State
    from abicase.source.reading import Entry, Reading


site_argument = click.argument(
    "site", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
ledger_option = click.option(
    "--ledger",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The ledger.  [default: permalinks.yml of the records]",
)
allow_unpublished_option = click.option(
    "--allow-unpublished",
    is_flag=True,
    help="Pass even if items have no permalink yet or were reworded, as on a branch.",
)


class Compared(NamedTuple):
    """The result of comparing a ledger with a built site."""

    entry: Entry
    problems: list[Problem]
    notes: list[str]
    """Lines for stderr."""
    incomplete: bool
    """True if the site has no list of its items."""


@click.group(cls=CommandGroup)
def links() -> None:
    """Publish permalinks, and check that each one still resolves.

    The ledger, permalinks.yml next to the records, lists every address ever published.
    """


@links.command()
@site_argument
@ledger_option
@click.option(
    "--history",
    is_flag=True,
    help="Also compare the ledger with its git history: no entry may have been removed.",
)
@allow_unpublished_option
@format_option
def check(
    site: Path, ledger: Path | None, history: bool, allow_unpublished: bool, form: Form
) -> None:
    """Check that every permalink resolves on the built SITE, and that no item lacks one.

    Rewordings of published statements have to be in the ledger, too.

    Only the ledger and the files of the site are read, so any theme and any generator will do.

    Exit status: 0 if there are no problems, 1 if there are some, and 3 if there are none but the
    check was incomplete: the site has no list of its items (api/v1/links.json), so they were not
    looked up in the ledger, or not all of the history could be read.
    """
    from abicase.outputs.builtsite import BuiltSite
    from abicase.outputs.links import check_history
    from abicase.provenance.git import GitError

    compared = compare(BuiltSite(site), ledger, allow_unpublished=allow_unpublished)
    problems, unread = compared.problems, ""
    if history:
        try:
            removed, unread = check_history(compared.entry)
        except GitError as problem:
            wrong_call(str(problem))
        problems = sorted([*problems, *removed])
        if unread:
            click.echo(f"The ledger's history was not read, or not all of it: {unread}.", err=True)
    notes = [summary(problems)] if problems and form == "text" else []
    finish(
        form,
        problems,
        problems,
        [*notes, *compared.notes],
        otherwise=f"All {len(compared.entry.record.permalinks)} permalinks resolve.",
        wrong=bool(problems),
        unread=bool(unread) or compared.incomplete,
    )


def compare(site: BuiltSite, ledger: Path | None, *, allow_unpublished: bool) -> Compared:
    """Compare a ledger with a built site.

    Args:
        site: The built site.
        ledger: The ledger; None for that of the records.
        allow_unpublished: True to report missing permalinks and rewordings as notes only.
    """
    from abicase.outputs import links as checking

    entry = ledger_alone(ledger)
    problems = checking.check(entry, site)
    listed = checking.listed(site.folder)
    new = checking.unpublished(entry, listed)
    reworded = checking.reworded(entry, listed)
    notes = []
    if allow_unpublished:
        notes += [f"Note: {checking.missing(new)}."] if new else []
        notes += [f"Note: {checking.changed(reworded)}."] if reworded else []
    else:
        command = "abicase links publish"
        if ledger is not None:
            command += f" -r {shlex.quote(str(ledger.parent))}"
        problems = sorted([*problems, *checking.behind(entry, new, reworded, command)])
        if listed is None:
            file = site.folder / checking.LINKS_FILE
            notes.append(
                f"{file} is missing or is not a list of items, so it was not checked that each "
                "item has a permalink."
            )
    return Compared(entry, problems, notes, listed is None and not allow_unpublished)


def _day(_context: click.Context, _option: click.Parameter, text: str | None) -> Day:
    from pydantic_core import PydanticCustomError

    from abicase.schema.fields import Day

    try:
        return Day.parse(text or today().isoformat())
    except PydanticCustomError as error:
        raise click.BadParameter(error.message()) from None


day_option = click.option(
    "--on", callback=_day, metavar="DATE", help="The date to write.  [default: today, UTC]"
)


@links.command()
@records_option
@day_option
@click.option(
    "--flat-urls",
    is_flag=True,
    help="For a first publication with addresses such as cases/some-case.html.",
)
@click.option(
    "--reworded",
    "same",
    multiple=True,
    metavar="ITEM",
    help="A statement with the same meaning in new words, however many changed; repeatable.",
)
def publish(records: Path | None, on: Day, flat_urls: bool, same: tuple[str, ...]) -> None:
    """Add new items to the ledger. Drafts are left out.

    Run it on the branch that is published, once the ids of new items are settled: after the ledger
    is committed, they are kept forever. Nothing is removed. If a published item is no longer in the
    records, nothing is written: first record with abicase links retire what became of it.

    Statements whose words have changed are marked as reworded on that date. If more than a third of
    the words changed, it asks whether the meaning is the same, since a new meaning needs a new id.
    Without a terminal, or if the answer is no, nothing is written and the exit status is 1.
    """
    from abicase.authoring.rewordings import rewritings
    from abicase.catalogue.loading import load_reading
    from abicase.ledger import edits as publishing
    from abicase.ledger.ledger import FIELD, how_to_undo
    from abicase.provenance.committed import keys_at_head
    from abicase.schema.records import LEDGER_FILE

    reading, problems = load_reading(records_root(records, ()))
    if any(problem.severity == "error" for problem in problems):
        stop(problems)
    known = publishing.ledger_of(reading).permalinks
    reworded = publishing.reworded(reading)
    if unchanged := [reference for reference in same if reference not in reworded]:
        _not_reworded(unchanged[0], known)
    asked = {reference: new for reference, new in reworded.items() if reference not in same}
    _same_meaning(reading, list(rewritings(reading, asked)))
    try:
        changes = publishing.publish(reading, on, directories=not flat_urls)
        if changes:
            publishing.write(reading, changes)
    except publishing.NotWritten as problem:
        wrong_call(str(problem))
    new = len(changes.keys() - known.keys())
    click.echo(f"{new} permalink{'s' if new != 1 else ''} added.")
    if noted := len(changes) - new - len(reworded):
        click.echo(f"{noted} wording{'s' if noted != 1 else ''} noted.")
    if reworded:
        click.echo(
            f"{len(reworded)} statement{'s were' if len(reworded) != 1 else ' was'} reworded."
        )
    drafts = sum(entry.draft for entry in reading.every())
    if drafts:
        click.echo(f"{drafts} draft{'s were' if drafts != 1 else ' was'} left out.", err=True)
    committed = keys_at_head(reading.root / LEDGER_FILE, FIELD)
    if new and committed is not None:
        undo = how_to_undo(reading.name(LEDGER_FILE), is_new=not committed)
        click.echo(
            f"Once committed, they are kept forever. To undo this before then: {undo}", err=True
        )


def _not_reworded(reference: str, known: Collection[str]) -> NoReturn:
    """Exit with 2: the wording of an item is unchanged, or it was never published."""
    from abicase.problems.suggestions import nearest_reference

    if reference in known:
        wrong_call(f"--reworded: the wording of {reference} has not changed since it was published")
    hint = nearest_reference(reference, known)
    wrong_call(f"--reworded: {reference!r} is not in the ledger{hint and f' ({hint})'}")


def _same_meaning(reading: Reading, rewritings: Sequence[Rewriting]) -> None:
    """Ask whether statements still mean the same; exit with 1 unless all do."""
    from abicase.authoring.rewordings import problem_of
    from abicase.source.yamltext import STRANGE
    from abicase.text.plaintext import fill

    asks = sys.stdin.isatty()
    unsure = []
    for one in rewritings:
        if asks:
            click.echo(f"{one.reference}: {one.message}.")
            for name, wording in (("was", one.old), ("is", one.new)):
                if wording is not None:
                    text = " / ".join(wording.texts.values())
                    click.echo(fill(STRANGE.sub("", text), f"  {name}: ", "    "), nl=False)
        if not (asks and click.confirm("Does it still mean the same?")):
            unsure.append(problem_of(reading, one))
    if unsure:
        stop(unsure)


@links.command()
@click.argument("items", nargs=-1, required=True, metavar="ITEM...")
@click.option("--moved", metavar="TO", help="The item that now has the same meaning.")
@click.option(
    "--split",
    multiple=True,
    metavar="TO",
    help="One of the items it was split into; repeatable.",
)
@click.option("--withdrawn", is_flag=True, help="It is gone.")
@click.option("--because", required=True, metavar="TEXT", help="Why, for readers.")
@click.option("--many", is_flag=True, help="Allow more than a handful on one day.")
@records_option
@day_option
def retire(
    items: tuple[str, ...],
    moved: str | None,
    split: tuple[str, ...],
    withdrawn: bool,
    because: str,
    many: bool,
    records: Path | None,
    on: Day,
) -> None:
    """Say what became of published ITEMs that are no longer in the records.

    Their addresses still resolve. The parts of a page are retired with it, and targets that are not
    published yet are published. If the meaning changed, an item did not move: withdraw it.
    """
    from abicase.catalogue.loading import load_reading
    from abicase.ledger import edits as publishing

    if bool(moved) + bool(split) + withdrawn != 1:
        wrong_call("give one of --moved, --split and --withdrawn")
    if len(set(split)) < len(split):
        wrong_call("--split names a place twice")
    _line(because)
    reading, problems = load_reading(records_root(records, ()))
    # This command fixes the ledger, so problems with it are judged afterwards.
    fixed = ("lost-permalink", "many-retired", "bad-permalink")
    errors = [p for p in problems if p.severity == "error" and p.code not in fixed]
    if errors:
        stop(errors)
    state: State = "moved" if moved else "split" if split else "withdrawn"
    try:
        changed = publishing.retire(
            reading, items, state, (moved,) if moved else split, on, because.strip()
        )
        count = publishing.too_many(reading, changed, on)
        if count and not many:
            wrong_call(f"that would be {count} permalinks retired on {on}; if intended, add --many")
        publishing.write(reading, changed, str(on) if count else "")
    except publishing.NotWritten as problem:
        wrong_call(str(problem))
    for reference, permalink in sorted(changed.items()):
        where = f" to {', '.join(permalink.to)}" if permalink.to else ""
        state_now = permalink.state if permalink.state != "live" else "published"
        click.echo(f"{reference}: {state_now}{where}")


def _line(text: str) -> None:
    """Exit if a reason is not a valid value in a record."""
    from pydantic import TypeAdapter, ValidationError

    from abicase.schema.fields import Line
    from abicase.source.yamltext import STRANGE

    try:
        TypeAdapter(Line).validate_python(text)
    except ValidationError as error:
        wrong_call(f"--because: {error.errors()[0]['msg']}")
    if STRANGE.search(text):
        wrong_call("--because: the text contains an invisible character")


def ledger_alone(path: Path | None) -> Entry:
    """Read the ledger alone, without the records next to it."""
    from abicase.schema.records import LEDGER_FILE
    from abicase.source.reading import read_ledger, shown_path

    path = path or records_root(None, ()) / LEDGER_FILE
    if not path.exists():
        wrong_call(f"there is no ledger {shown_path(path)!r}; abicase links publish creates it")
    entry, problems = read_ledger(path)
    if entry is None:
        stop(problems)
    return entry
