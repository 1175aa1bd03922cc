"""``abicase outside``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from abicase.cli.ending import finish, stop, wrong_call
from abicase.cli.options import Command, format_option, records_option, today
from abicase.cli.records import records_root
from abicase.problems.reporters import Form


@click.command(cls=Command)
@records_option
@format_option
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="The number of addresses to check.",
)
@click.option(
    "--per-minute",
    type=click.FloatRange(min=0, min_open=True),
    default=6,
    show_default=True,
    help="The number of addresses to check per minute.",
)
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file that records when each address was checked, so that each run checks others.",
)
def outside(
    records: Path | None, form: Form, limit: int, per_minute: float, state: Path | None
) -> None:
    """Check on the web whether the addresses of sources still show what they are cited for.

    The page is searched for the subject or title of the source. Each address is reported as the
    same, changed (the page shows something else), moved (it redirects to another host, which is
    not contacted), gone, or unreachable. Only the file of --state is written.

    Exit status: 0 if every page shows what it should, 1 if one has changed, moved or gone,
    3 if none has, but one was unreachable.
    """
    from abicase.catalogue.loading import load_reading
    from abicase.provenance import outside as asking

    reading, problems = load_reading(records_root(records, ()))
    if any(problem.severity == "error" for problem in problems):
        stop(problems)
    found = asking.addresses(reading)
    try:
        known = asking.read_state(state) if state else {}
    except asking.NoStateError:
        wrong_call(f"{str(state)!r} is left as it is: it was not written by abicase outside")
    except OSError as error:
        wrong_call(f"{str(state)!r} can't be read: {error.strerror}")
    asked = {address: day for address, day in known.items() if address in found}
    day = today().isoformat()
    answers = []
    for answer in asking.ask(found, asked, limit, per_minute):
        answers.append(answer)
        click.echo(f"{answer.result}: {answer.address}", err=True)
        if state:
            asked[answer.address] = day
            try:
                asking.write_state(state, asked)
            except OSError as error:
                wrong_call(f"{str(state)!r} can't be written: {error.strerror}")
    count = Counter(answer.result for answer in answers)
    totals = (
        f"{count['same']} the same, {count['changed']} changed, {count['moved']} moved,"
        f" {count['gone']} gone, {count['unreachable']} unreachable; {len(found)} in all."
    )
    finish(
        form,
        [remark for answer in answers for remark in answer.remarks()],
        answers,
        [totals],
        wrong=bool(count["changed"] + count["moved"] + count["gone"]),
        unread=bool(count["unreachable"]),
    )
