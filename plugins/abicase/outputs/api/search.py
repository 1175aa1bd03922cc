"""Items with everything by which they are found, and lessons with their signs."""

from __future__ import annotations

from abicase.outputs.api.parts import Id, Item, Published, Reference


class Findable(Item):
    """An item with everything that it can be found by."""

    texts: dict[str, str]
    """The texts by which it is found, by their weight; the keys can change."""
    paths: tuple[str, ...]
    """The paths of source trees that it names."""
    interfaces: tuple[Id, ...]
    """The kinds of interface it is about."""
    reply: str | None = None
    """The reply to paste into a mail, for the kinds that can be cited."""
    reply_markdown: str | None = None
    """The same in Markdown, for a comment on the web."""


class Sign(Published):
    """Something in a patch to which a lesson can apply; it has either ``line`` or ``rule``."""

    note: str
    """A description of what was seen."""
    paths: tuple[str, ...]
    """Patterns of the paths of files to search for it; ``*`` stands for any text."""
    line: str | None = None
    """A regular expression that an added line matches."""
    rule: str | None = None
    """An ast-grep rule in YAML."""
    language: str | None = None
    """The language of the code that the rule is about."""
    unless_paths: tuple[str, ...] = ()
    """Patterns of paths; a file of the series that matches one answers the sign."""
    unless_added: str | None = None
    """A regular expression; a line of the series that matches it answers the sign."""
    unless_said: str | None = None
    """A regular expression; a line of the mails that matches it answers the sign."""


class Checker(Published):
    """A tool that finds violations of a lesson."""

    tool: str
    """Its name."""
    run: str
    """The command."""
    finds: str
    """The part of the lesson that it checks."""


class SignedLesson(Published):
    """A lesson with which patches are compared."""

    reference: Reference
    """The lesson."""
    ask: str
    """The rule as a request."""
    why: str
    """The reason, in one sentence."""
    paths: tuple[str, ...]
    """Patterns of the paths that define the kinds of interface to which it applies."""
    signs: tuple[Sign, ...]
    """The signs to look for in a patch."""
    checked_by: tuple[Checker, ...]
    """Tools that check it."""
