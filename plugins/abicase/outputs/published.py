"""Reading of a casebook's published JSON, back to items that can be found and cited.

It can come from anybody, so it is checked, and terminal control characters are removed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from abicase.outputs import api
from abicase.render.renderer import ReplyForm
from abicase.schema.addresses import what_is_wrong
from abicase.schema.argument import Checker, Sign
from abicase.schema.items import Item
from abicase.source.yamltext import STRANGE
from abicase.views.replies import CITED
from abicase.views.search import FOUND, Findable
from abicase.views.signs import SignedLesson

FILE = api.file_of("search")
"""The file to read, from the root of a site."""
_FROM_ROOT = re.compile(r"(?m)(^ *(?:Link: )?|\]\(<?)/(?=[A-Za-z])")


@dataclass(frozen=True, slots=True)
class PublishedBook:
    """The items of a published site, to find and to cite."""

    url: str
    """The site's own address; empty if it gives none."""
    interfaces: Sequence[str]
    """The kinds of interface, by id."""
    findable: Sequence[Findable]
    items: Mapping[str, Item]
    """The items that can be found, by reference, without their records."""
    addresses: Mapping[str, str]
    """The address by which each item is cited, by its reference."""
    replies: Mapping[str, Mapping[str, str]]
    """For each form, the replies to paste, by the reference of the item."""
    signed_lessons: Sequence[SignedLesson]
    """The lessons that have signs, or tools that check them."""

    def address(self, reference: str) -> str:
        """Return the address by which an item is cited."""
        return self.addresses[reference]

    def reply(self, item: Item, form: ReplyForm) -> str:
        """Return the reply for an item that can be cited, with a line end."""
        if form == "link":
            return self.addresses[item.reference] + "\n"
        return self.replies[form][item.reference]


def read(text: str, at: str) -> PublishedBook:
    """Read the published file.

    ``at`` is the address of the site that it was read from, which is used if it gives none.

    Raises:
        ValueError: The text is not such a file; the message says why.
    """
    try:
        document = api.Search.model_validate(_clean(json.loads(text)))
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0] if isinstance(error, json.JSONDecodeError) else ""
        raise ValueError(
            f"{FILE} is not what abicase publishes{reason and f': {reason}'}"
        ) from None
    url = document.site or ""
    if url and what_is_wrong(url):
        raise ValueError(f"{FILE} is from a site with an invalid address: {url!r}")
    for one in document.items:
        if one.kind in CITED and not (one.reply and one.reply_markdown):
            raise ValueError(f"{FILE} lacks the reply of {one.reference}")
    known = [
        one for one in document.items if one.kind in FOUND
    ]  # there may be other kinds in the future

    def placed(reply: str | None) -> str:
        """Complete the addresses in a reply, which are relative on a site without its own."""
        return (reply or "") if url else _FROM_ROOT.sub(rf"\g<1>{at}", reply or "")

    addresses = {one.reference: _line(f"{url or at}{one.short or one.path}") for one in known}
    titles = {one.reference: _line(one.title) for one in known}
    try:
        signed = [
            _signed(lesson, titles[lesson.reference], addresses[lesson.reference])
            for lesson in document.signed_lessons
            if lesson.reference in titles
        ]
    except ValueError:
        raise ValueError(f"{FILE} has a sign of an unknown form") from None
    return PublishedBook(
        url=url or at,
        interfaces=[kind.id for kind in document.interfaces],
        findable=[_findable(one) for one in known],
        items={one.reference: _item(one) for one in known},
        addresses=addresses,
        replies={
            form: {one.reference: text for one in known if (text := placed(getattr(one, name)))}
            for form, name in (("mail", "reply"), ("markdown", "reply_markdown"))
        },
        signed_lessons=signed,
    )


def _signed(lesson: api.SignedLesson, title: str, address: str) -> SignedLesson:
    """Return a lesson with signs, each checked like one in a record."""
    return SignedLesson(
        lesson.reference,
        title,
        address,
        _line(lesson.ask),
        _line(lesson.why),
        [_sign(sign) for sign in lesson.signs],
        [Checker(**{name: _line(text) for name, text in tool}) for tool in lesson.checked_by],
        lesson.paths,
    )


def _sign(sign: api.Sign) -> Sign:
    unless = {
        name: value
        for name in ("paths", "added", "said")
        if (value := getattr(sign, f"unless_{name}"))
    }
    fields = {
        name: value
        for name in ("note", "paths", "line", "rule", "language")
        if (value := getattr(sign, name))
    }
    made: Sign = TypeAdapter(Sign).validate_python(fields | ({"unless": unless} if unless else {}))
    return made


def _findable(one: api.Findable) -> Findable:
    texts = {column: _line(text) for column, text in one.texts.items()}
    return Findable(one.reference, one.kind, texts, one.paths, one.interfaces)


def _item(one: api.Findable) -> Item:
    owner = one.reference.partition("/")[2].partition("#")[0] if "#" in one.reference else ""
    return Item(one.reference, one.kind, one.id, one.title, None, owner)


def _line(text: str) -> str:
    return re.sub(r"[\t\n]", " ", text)


def _clean(value: Any) -> Any:
    """Remove control and invisible characters from all texts."""
    if isinstance(value, str):
        return STRANGE.sub("", value).replace("\r", "")
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list) else value
