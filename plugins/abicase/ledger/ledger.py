"""The ledger of everything ever published: each permalink, and what became of it.

The ledger is one of the files of a casebook. Nothing is ever removed from it: a retired item gets
a state instead, and its address still resolves.
"""

from __future__ import annotations

import itertools
import shlex
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from abicase.problems.codes import Code
from abicase.schema.fields import Day
from abicase.schema.items import SHORT, long_of
from abicase.schema.records import Permalink, Permalinks, State

AT_ONCE = 5
"""The most permalinks that can be retired on one day unless the ledger names that day."""

FIELD = "permalinks"
"""The field of the ledger that holds the permalinks."""


@dataclass(frozen=True, slots=True)
class Fate:
    """A published address, and what became of its item."""

    reference: str
    at: str
    """The address at which it was published."""
    since: Day
    """The date of its first publication."""
    state: State
    to: tuple[str, ...] = ()
    """The items to which it moved, or into which it was split."""
    on: Day | None = None
    because: str = ""

    @property
    def page(self) -> str:
        """The page of the address, such as ``cases/some-case/``."""
        return self.at.partition("#")[0]

    @property
    def anchor(self) -> str:
        """The anchor of the address; empty for a page."""
        return self.at.partition("#")[2]


@dataclass(frozen=True, slots=True)
class Flaw:
    """A contradiction in the ledger."""

    code: Code
    reference: str
    """The permalink that is wrong."""
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Ledger:
    """All permalinks, by the reference of their item."""

    permalinks: Mapping[str, Permalink] = field(default_factory=lambda: MappingProxyType({}))
    many_retired_on: tuple[str, ...] = ()

    @classmethod
    def of(cls, record: Permalinks | None) -> Ledger:
        """Return the ledger in a file, or an empty one if there is no file."""
        if record is None:
            return cls()
        days = tuple(str(day) for day in record.many_retired_on)
        return cls(MappingProxyType(dict(record.permalinks)), days)

    def fate(self, reference: str) -> Fate:
        """Return what became of an item of the ledger.

        A part that has no state of its own shares its page's: it was withdrawn with the page, or
        moved with it to the part with the same id.
        """
        own = self.permalinks[reference]
        page, _, part = reference.partition("#")
        of, to = own, own.to
        if own.state == "live" and part and page in self.permalinks:
            of = self.permalinks[page]
            to = tuple(f"{target}#{part}" for target in of.to)
            to = tuple(target for target in to if target in self.permalinks)[:1]
            if to and self.permalinks[to[0]].state != "live":  # it has moved again since
                of = self.permalinks[to[0]]
                to = of.to
            else:
                to = to or of.to
        state: State = "moved" if of.state == "split" and len(to) == 1 else of.state
        return Fate(reference, own.at, own.since, state, to, of.on, of.because or "")

    def published(self, reference: str) -> Day | None:
        """Return the date on which an item was first published; None if it was not yet."""
        permalink = self.permalinks.get(reference)
        return permalink.since if permalink else None

    def reworded(self, reference: str) -> Day | None:
        """Return the date on which a published item was last reworded; None if it never was."""
        permalink = self.permalinks.get(reference)
        return permalink.reworded if permalink else None

    def as_of(self, reference: str) -> Day | None:
        """Return the date of an item's published wording; None if it was not published yet."""
        return self.reworded(reference) or self.published(reference)

    def reworded_on(self, page: str) -> list[str]:
        """Return the items on a page that were reworded since they were published.

        Args:
            page: The address of the page, in the form in which it was published.
        """
        return self._reworded.get(page, [])

    @cached_property
    def _reworded(self) -> Mapping[str, list[str]]:
        pages: dict[str, list[str]] = defaultdict(list)
        for reference, permalink in self.permalinks.items():
            if permalink.reworded and self.is_live(reference):
                pages[permalink.at.partition("#")[0]].append(reference)
        return MappingProxyType(dict(pages))

    def former(self, reference: str) -> list[str]:
        """Return the references that an item had before it moved."""
        return [
            fate.reference
            for fate in itertools.chain(*self.retired.values())
            if fate.state == "moved" and fate.to == (reference,)
        ]

    def is_live(self, reference: str) -> bool:
        """Return whether an item was published and is still where it was."""
        return reference in self.permalinks and self.fate(reference).state == "live"

    def fates(self) -> Iterator[Fate]:
        """Yield the fate of each item; a short address shares that of its item."""
        return (self.fate(ref) for ref in self.permalinks if not ref[0].isupper())

    def shorts(self) -> Iterator[tuple[str, Fate]]:
        """Yield each short address with the fate of its item."""
        for reference in self.permalinks:
            item = long_of(reference)
            if item is not None and item in self.permalinks:
                yield reference, self.fate(item)

    @cached_property
    def retired(self) -> Mapping[str, list[Fate]]:
        """Return the retired permalinks, by the page on which they were published."""
        pages: dict[str, list[Fate]] = defaultdict(list)
        for fate in self.fates():
            if fate.state != "live":
                pages[fate.page].append(fate)
        return MappingProxyType(dict(pages))

    def many_retired(self) -> dict[str, list[str]]:
        """Return the retired items by day, for days with many that the ledger does not name."""
        days: dict[str, list[str]] = defaultdict(list)
        for fate in itertools.chain(*self.retired.values()):
            if fate.on is not None:
                days[str(fate.on)].append(fate.reference)
        return {
            day: references
            for day, references in days.items()
            if len(references) > AT_ONCE and day not in self.many_retired_on
        }

    def flaws(self, unpublished: Container[str] = (), option: str = "") -> Iterator[Flaw]:
        """Find contradictions in the ledger.

        Args:
            unpublished: Items that are not in the ledger yet, but may be targets.
            option: The option by which commands in hints find the records, if they need one.
        """
        places: dict[str, str] = {}
        for reference, permalink in self.permalinks.items():
            first = places.setdefault(permalink.at, reference)
            if first != reference:
                message = f"{permalink.at} is already the address of {first}"
                yield Flaw("bad-permalink", reference, message)
            if reference[0].isupper():
                yield from self._of_short(reference, permalink)
            else:
                yield from self._of_state(reference, permalink)
                yield from self._of_targets(reference, unpublished, option)
        for day, references in self.many_retired().items():
            message = f"{len(references)} permalinks were retired on {day}"
            hint = f"if that is intended, add {day} to many_retired_on"
            yield Flaw("many-retired", references[0], message, hint)

    def _of_short(self, reference: str, permalink: Permalink) -> Iterator[Flaw]:
        item = long_of(reference)
        if item is None:
            message = f"a short address begins with {', '.join(SHORT.values())}"
            yield Flaw("bad-permalink", reference, message)
        elif item not in self.permalinks:
            yield Flaw("bad-permalink", reference, f"{item} itself is not in the ledger")
        elif permalink.state != "live" or permalink.to or permalink.on or permalink.because:
            message = f"a short address has no state of its own; it follows {item}"
            yield Flaw("bad-permalink", reference, message)

    def _of_state(self, reference: str, permalink: Permalink) -> Iterator[Flaw]:
        state, targets = permalink.state, len(permalink.to)
        if state == "live":
            if targets or permalink.on or permalink.because:
                message = "a live item has no 'to', 'on' or 'because'"
                yield Flaw(
                    "bad-permalink",
                    reference,
                    message,
                    "if it was retired, give its state, such as moved",
                )
            return
        if not (permalink.on and permalink.because):
            yield Flaw("bad-permalink", reference, f"a {state} item needs 'on' and 'because'")
        wanted = {
            "moved": (
                targets == 1,
                "a moved item leads 'to' one item; if there are several, it was split",
            ),
            "split": (
                targets > 1,
                "a split item leads 'to' several items; if there is one, it was moved",
            ),
            "withdrawn": (targets == 0, "a withdrawn item has no 'to'"),
        }
        good, message = wanted[state]
        if not good:
            yield Flaw("bad-permalink", reference, message)

    def _of_targets(
        self, reference: str, unpublished: Container[str], option: str
    ) -> Iterator[Flaw]:
        fate, own = self.fate(reference), self.permalinks[reference]
        if fate.to and own.state == "live":  # it shares the fate of its page
            part = reference.partition("#")[2]
            there = [f"{to}#{part}" for to in self.permalinks[reference.partition("#")[0]].to]
            if not any(place in self.permalinks or place in unpublished for place in there):
                message = f"its page moved to {', '.join(fate.to)}, which has no part {part!r}"
                hint = how_to_retire(reference, option=option)
                yield Flaw("bad-permalink", reference, message, hint)
        for target in own.to:
            if target not in self.permalinks:
                if target not in unpublished:
                    message = f"it leads to {target}, which is not in the ledger"
                    hint = f"publish {target}, or give an existing item as its target"
                    yield Flaw("bad-permalink", reference, message, hint)
            elif target == reference:
                yield Flaw("bad-permalink", reference, "it leads to itself")
            elif not self.is_live(target):
                next_ = self.fate(target)
                message = f"it leads to {target}, which was itself {next_.state}"
                hint = f"make it lead to {', '.join(next_.to)}" if next_.to else "withdraw it too"
                yield Flaw("bad-permalink", reference, message, hint)


def how_to_retire(reference: str, renamed: str = "", option: str = "") -> str:
    """Return the commands that record what became of an item.

    Args:
        reference: The item.
        renamed: Its probable new name; may be empty.
        option: The option by which the command finds the records, if it needs one.
    """
    command = f"abicase links retire{option} {reference}"
    if renamed:
        return f"if it was renamed: {command} --moved {renamed} --because TEXT"
    return f"{command} --moved ITEM (or --split, or --withdrawn) --because TEXT"


def how_to_undo(file: str, *, is_new: bool) -> str:
    """Return the command that removes everything uncommitted from a ledger.

    Args:
        file: The ledger, as shown to people.
        is_new: Whether the current commit has no ledger at all.
    """
    return f"{'rm' if is_new else 'git checkout HEAD --'} {shlex.quote(file)}"
