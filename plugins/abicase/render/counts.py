"""Numbers in hand-written pages, counted from the records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from abicase.catalogue.model import Catalogue
from abicase.problems.codes import Code
from abicase.problems.suggestions import nearest
from abicase.render.filters import spelled
from abicase.schema.case import SOURCES, CountSource, Event
from abicase.schema.records import KINDS

Row = Mapping[str, str]
"""A thing that is counted, with the fields that conditions can test."""

_CONDITION = re.compile(r"([a-z]+)([=<])(\S+)")


class WrongDirective(Exception):
    """An error in a link or directive on a page, with a hint at what was probably meant."""

    def __init__(self, message: str, hint: str, code: Code = "directive") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code: Code = code


def counted(catalogue: Catalogue, argument: str) -> str:
    """Count something; a small number is in words.

    The argument names the things to count, then conditions that all have to hold: ``field=value``,
    or ``field<value`` for a smaller value, such as an earlier date.

    Raises:
        WrongDirective: There is no such thing, no such field, or nothing at all with such a value,
            because a misspelt condition does not count as zero.
    """
    what, *conditions = argument.split() or [""]
    rows = _COUNTED.get(what)
    if rows is None:
        hint = nearest(what, _COUNTED) or f"there are {', '.join(_COUNTED)}"
        raise WrongDirective(f"{what!r} can't be counted", hint)
    all_rows = list(rows(catalogue))
    counted_rows = all_rows
    for condition in conditions:
        match = _CONDITION.fullmatch(condition)
        if match is None:
            hint = "write field=value, as in kind=merge, or date<2011-04"
            raise WrongDirective(f"{condition!r} is not a condition", hint)
        field, sign, value = match.groups()
        known = {row.get(field, "") for row in all_rows} - {""}
        if not known:
            fields = {name for row in all_rows for name in row}
            hint = nearest(field, fields) or f"there are {', '.join(sorted(fields))}"
            raise WrongDirective(f"{what} have no {field!r}", hint)
        if sign == "=" and value not in known:
            raise WrongDirective(f"no {what} have {field} {value!r}", nearest(value, known))
        counted_rows = [
            row
            for row in counted_rows
            if (row.get(field) == value if sign == "=" else "" < row.get(field, "") < value)
        ]
    return spelled(len(counted_rows))


def _records(folder: str) -> Callable[[Catalogue], Iterator[Row]]:
    return lambda catalogue: ({"id": id_} for id_ in getattr(catalogue, folder))


def _events(catalogue: Catalogue) -> Iterator[Row]:
    for case in catalogue.cases.values():
        for event in case.events:
            yield {**_of_event(event), "case": case.id, "pattern": case.pattern.label}


def _of_event(event: Event) -> dict[str, str]:
    return {
        "kind": event.kind,
        "lane": event.lane,
        "date": event.date.text,
        "told": "elsewhere" if event.same_as else "here",
    }


def _sources(catalogue: Catalogue) -> Iterator[Row]:
    # A count that can be repeated is also a measurement.
    kinds = {model: kind for kind, model in SOURCES.items()} | {CountSource: "measurement"}
    for case in catalogue.cases.values():
        for source in case.sources.values():
            row = {"case": case.id, "kind": kinds[type(source)]}
            for field in ("repository", "at"):
                row[field] = getattr(source, field, "")
            yield row


def _evidence(catalogue: Catalogue) -> Iterator[Row]:
    for reference, found in catalogue.evidence.items():
        item = catalogue.items[reference]
        of = item.owner if item.kind == "stage" else item.id
        for side, witnesses in (("for", found.speaking_for), ("against", found.speaking_against)):
            for witness in witnesses:
                yield {
                    "on": item.kind,
                    "of": of,
                    "side": side,
                    "case": witness.case.id,
                    "pattern": witness.case.pattern,
                }


_COUNTED: dict[str, Callable[[Catalogue], Iterator[Row]]] = {
    **{folder: _records(folder) for folder, _ in KINDS.values()},
    "events": _events,
    "sources": _sources,
    "evidence": _evidence,
}
