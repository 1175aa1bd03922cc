"""The parts that several files share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Date = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
"""A date, as exact as it is known: YYYY-MM-DD, YYYY-MM or YYYY."""
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
"""An id in lower-case kebab-case."""
Reference = Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9-]+(#[a-z0-9-]+)?$")]
"""The reference of an item: kind/id, or case/id#part."""
Path = Annotated[str, Field(pattern=r"^[^/]")]
"""A path on the site, relative to the address of its root, without a slash in front."""
Url = Annotated[str, Field(pattern=r"^https?://", json_schema_extra={"format": "uri"})]
"""A full address."""
Level = Literal["high", "middle", "low", "open"]


class Published(BaseModel):
    """A part of a published file."""

    model_config = ConfigDict(
        defer_build=True,
        frozen=True,
        use_attribute_docstrings=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )


class Text(Published):
    """A text of a record."""

    markdown: str
    """The text as written: Markdown in which a link leads to an https address, to an item by its
    reference, or, as ``#part``, to a part of the same case."""
    plain: str
    """The text without markup, on one line."""
    references: tuple[Reference, ...]
    """The items that it links to, with ``#part`` resolved."""


class Link(Published):
    """An item that another one names."""

    reference: Reference
    """Its reference."""
    title: str
    """Its title."""
    path: Path
    """Its permalink, from the root of the site."""


class Item(Link):
    """Something with an address."""

    kind: str
    """``case``, ``claim``, ``lesson``, ``axis``, ``pattern``, ``stage``, ``pair``,
    ``term``; for the parts of a case ``event``, ``finding``, ``source``, ``side``."""
    id: Id
    """Its own id; for a part of a case, the part's."""
    url: Url | None = None
    """Its permalink as a full address; left out if the site does not know its own."""
    short: Path | None = None
    """Its short permalink, from the root of the site, for the kinds that have one."""
    published: Date | None = None
    """The date of its first publication; left out if it is not published yet."""
    reworded: Date | None = None
    """For items that can be cited, the date on which the wording last changed; left out if it never
    did."""


class Permalink(Item):
    """An item with a digest of its wording."""

    wording: str | None = None
    """For items that can be cited, the beginning of a digest of the wording."""


class Citable(Item):
    """An item that can be cited in a mail."""

    reply: str
    """The reply for a reviewer to paste: plain text of at most 72 columns, complete in itself."""


class EvidenceLink(Link):
    """A stage, claim or lesson that an event is evidence for or against."""

    because: str | None = None
    """The reason; left out if the record gives none."""


class Witness(Link):
    """An event that is evidence for or against something."""

    case: Id
    """The id of its case."""
    event: Id
    """The id of the event."""
    date: Date
    """The date of the event."""
    pattern: Id
    """The id of the pattern of its case."""
    because: str | None = None
    """The reason why it is evidence; left out if the record gives none."""


class Evidence(Published):
    """The evidence for and against an item, by case and in chronological order."""

    speaking_for: tuple[Witness, ...] = Field(alias="for")
    """The events that are evidence for it."""
    speaking_against: tuple[Witness, ...] = Field(alias="against")
    """The events that are evidence against it."""


class Rating(Published):
    """An answer on an axis."""

    id: Id
    """The word used in records; ``not-known`` if there is no answer."""
    title: str | None = None
    """The word shown; left out for ``not-known``."""
    level: Level
    """Its place on the axis; ``open`` is on neither side."""
    meaning: str | None = None
    """The condition for this rating; left out for ``not-known``."""


class Named(Published):
    """A word of the records, with its title."""

    id: Id
    """The word used in records."""
    title: str
    """The word shown."""
