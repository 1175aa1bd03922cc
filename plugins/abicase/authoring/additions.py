"""Adding sources, events or second readings to the file of a case.

Comments are kept, and the result is in canonical form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from abicase.authoring.scaffold import scaffold
from abicase.authoring.sources import NotCited
from abicase.schema.fields import Day
from abicase.schema.records import model_of
from abicase.source.canonical import canonical
from abicase.source.document import Document, parse
from abicase.source.misread import misread
from abicase.source.reading import Entry, Reading
from abicase.source.writing import line_end
from abicase.source.yamltext import ListNode, MapNode, Node, Position, TextNode

Fields = Mapping[str, str | Sequence[str]]
"""The fields of a source or of an event."""


def with_additions(
    reading: Reading, entry: Entry, sources: Mapping[str, Fields], events: Sequence[Fields]
) -> str:
    """Return the text of a case's file with new sources, by their ids, and new events added.

    Each event is inserted by its date. The placeholder source and event of a new case are replaced
    if nothing has been written into them.

    Raises:
        NotCited: The file probably does not mean what its author intended, and must be fixed first.
        Unsafe: The canonical form of the record would have a different meaning.
    """
    form = _form_of(entry)
    begun = scaffold(reading, "case", {"id": entry.record.id})
    form.insert_events(events, [event.date for event in entry.record.events], begun)
    form.insert_sources(sources, begun)
    return canonical(form.document(), model_of("case"))


def with_text_checks(entry: Entry, checks: Mapping[int, Fields]) -> str:
    """Return the text of a case's file with second readings of events, replacing earlier ones.

    The checks are the fields of ``text_checked``, by the index of the event.

    Raises:
        NotCited: The file probably does not mean what its author intended, and must be fixed first.
        Unsafe: The canonical form of the record would have a different meaning.
    """
    form = _form_of(entry)
    for number in sorted(checks, reverse=True):  # so that the positions above stay valid
        form.set_text_check(number, checks[number])
    return canonical(form.document(), model_of("case"))


def _form_of(entry: Entry) -> _Form:
    model = model_of("case")
    for problem in misread(entry.document, model):  # the canonical form would hide it
        raise NotCited(f"the case has to be corrected first: {problem}")
    # The file may use brackets or another indentation; the canonical form is predictable.
    return _Form(canonical(entry.document, model), entry.document.file)


class _Form:
    """A case in its canonical form, as lines."""

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self._end = line_end(text)
        self._lines = text.splitlines()
        self._root = self.document().root

    def document(self) -> Document:
        """Return the case, parsed from the current lines."""
        document, problems = parse(self._end.join([*self._lines, ""]), self._file)
        assert document is not None, problems
        return document

    # Insert events first: they are below the sources, whose positions then stay valid.

    def insert_events(self, events: Sequence[Fields], days: Sequence[Day], begun: str) -> None:
        """Insert events by date, each after those of the same day."""
        node = self._root.values["events"]
        assert isinstance(node, ListNode)
        starts = [self._top(item.position.line - 1) for item in node.items]
        end = self._end_of("events")
        blocks = [_block(event, "  - ", "    ") for event in events]
        if events and len(node.items) == 1 and self._is_from(begun, starts[0], end):
            ordered = sorted(zip(events, blocks, strict=True), key=lambda one: str(one[0]["date"]))
            self._lines[starts[0] : end] = [line for _, block in ordered for line in block]
            return
        places: dict[int, list[tuple[str, list[str]]]] = {}
        for event, block in zip(events, blocks, strict=True):
            day = Day.parse(event["date"])
            before = [n for n, one in enumerate(days) if one.text and one.first <= day.first]
            index = max(before, default=-1) + 1
            place = starts[index] if index < len(starts) else end
            places.setdefault(place, []).append((day.text, block))
        for place in sorted(places, reverse=True):
            ordered_blocks = sorted(places[place], key=lambda one: one[0])
            self._lines[place:place] = [line for _, block in ordered_blocks for line in block]

    def insert_sources(self, sources: Mapping[str, Fields], begun: str) -> None:
        """Insert sources after the existing ones."""
        node = self._root.values["sources"]
        assert isinstance(node, MapNode)
        added = [
            line
            for id_, fields in sources.items()
            for line in (f"  {id_}:", *_block(fields, "    ", "    "))
        ]
        end = self._end_of("sources")
        if added and len(node.values) == 1:
            ((id_, key),) = node.keys.items()
            start, last = key.line - 1, max(place.line for place in _places(node))
            if "\n".join(self._lines).count(id_) == 1 and self._is_from(begun, start, last):
                self._lines[start:last] = added
                return
        self._lines[end:end] = added

    def set_text_check(self, number: int, fields: Fields) -> None:
        """Write the second reading of an event below its existing fields."""
        events = self._root.values["events"]
        assert isinstance(events, ListNode)
        event = events.items[number]
        assert isinstance(event, MapNode)
        lines = ["    text_checked:", *_block(fields, "      ", "      ")]
        if "text_checked" in event.values:
            start = event.keys["text_checked"].line - 1
            end = max(place.line for place in _places(event.values["text_checked"]))
            self._lines[start:end] = lines
            return
        following = events.items[number + 1 : number + 2]
        end = self._top(following[0].position.line - 1) if following else self._end_of("events")
        self._lines[end:end] = lines

    def _top(self, number: int) -> int:
        """Return the first line of the comments above the item that begins on a line."""
        while self._lines[number - 1].startswith("  #"):
            number -= 1
        return number

    def _is_from(self, begun: str, start: int, end: int) -> bool:
        """Return whether some lines of a new case are still as they were generated."""
        known = {line.strip() for line in begun.splitlines()}
        return {line.strip() for line in self._lines[start:end]} <= known

    def _end_of(self, key: str) -> int:
        """Return the line after a list or mapping; comments above the next key belong to that."""
        start = self._root.keys[key].line
        below = [place.line for place in self._root.keys.values() if place.line > start]
        end = min(below, default=len(self._lines) + 1) - 1
        while not self._lines[end - 1].strip() or self._lines[end - 1].startswith("#"):
            end -= 1
        return end


def _places(node: Node) -> Iterator[Position]:
    """Yield the positions where the texts in a node begin."""
    if isinstance(node, TextNode):
        yield node.position
        return
    for inner in node.items if isinstance(node, ListNode) else node.values.values():
        yield from _places(inner)


def _block(fields: Fields, first: str, rest: str) -> list[str]:
    """Return the lines of a part; the canonical form removes needless quotation marks."""
    lines: list[str] = []
    for name, value in fields.items():
        written = (
            _quoted(value) if isinstance(value, str) else f"[{', '.join(map(_quoted, value))}]"
        )
        lines.append(f"{rest if lines else first}{name}: {written}")
    return lines


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
