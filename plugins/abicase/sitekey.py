"""A digest of all that a site generator adds to a generated page: options, theme, navigation.

Where it can't be told what goes in, there is none, and no finished page is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

from abicase import cache

KNOWN_PLUGINS = frozenset({"abicase", "search", "material/search"})
"""The plugins that make nothing of a page that could change while the page does not."""

# What no page shows: where the site goes, and how strict its build is.
_NOT_SHOWN = frozenset(
    {
        *("config_file_path", "dev_addr", "docs_dir", "hooks", "nav", "plugins", "site_dir"),
        *("strict", "theme", "validation", "watch"),
    }
)
# Templates that use these show more than what the digest covers: the time, or all pages.
_UNTOLD = re.compile(r"build_date_utc|update_date|(?<![.\w])pages\b|\bfiles\b")
_KNOWN_THEMES = ("/material/templates", "/mkdocs/templates", "/properdocs/templates")
_NOT_TEMPLATES = (".icons", "assets", "node_modules", "__pycache__", "search")
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


class _Untold(Exception):
    """Something whose contents can't be told."""


def making_of(config: Any) -> str:
    """The digest of a site's making, without what its navigation shows of pages.

    Args:
        config: The configuration of MkDocs, complete.

    Returns:
        The digest; empty where there can't be one.
    """
    if config["nav"] is None or any(map(_unknown, config["plugins"], config["plugins"].values())):
        return ""
    try:
        options = {key: _told(config[key]) for key in sorted(config) if key not in _NOT_SHOWN}
        plugins = {name: _told(dict(one.config)) for name, one in config["plugins"].items()}
        theme = config["theme"]
        parts = [cache.program(), repr(options), repr(plugins), repr(theme.name)]
        parts += [repr({key: _told(theme[key]) for key in sorted(theme)})]
        parts += [_of_templates(Path(folder)) for folder in theme.dirs]
    except _Untold:
        return ""
    return cache.digest(*parts)


def shows_pages_alike(config: Any) -> bool:
    """Whether the templates of a site that are its own say nothing of the page they are for.

    What the templates of a known theme make of a page is known, what others do may depend on
    anything: on its title, its address, or its place.
    """
    return not _own_templates_name(config, "page")


def _own_templates_name(config: Any, *words: str) -> bool:
    """Whether a template of the theme that is the site's own has one of some words in it."""
    own = (Path(folder) for folder in config["theme"].dirs if not _is_known(Path(folder)))
    return any(
        re.search(rf"\b(?:{'|'.join(words)})\b", path.read_text("utf-8", errors="replace"))
        for folder in own
        for path in folder.rglob("*.html")
    )


def site_key(making: str, config: Any, fronts: Mapping[str, Any], more: str = "") -> str:
    """The digest of all that is added to a generated page.

    Args:
        making: What :func:`making_of` found.
        config: The configuration of MkDocs, complete.
        fronts: The front matter of each generated page, for those that the navigation names.
        more: What else is put into every page.

    Returns:
        The digest; empty where there can't be one.
    """
    if not making:
        return ""
    nav = config["nav"]
    parts = [making, repr(nav), more]
    # No known theme shows the description of another page, and it is what changes most.
    hidden = () if _own_templates_name(config, "description", "meta") else ("description",)
    for file, title in sorted(titles_of(nav).items()):
        if file in fronts:
            shown = {name: it for name, it in fronts[file].items() if name not in hidden}
            parts.append(repr(shown))
        else:
            parts.append(_shown_of(Path(config["docs_dir"], file), titled=title is not None))
    return cache.digest(*parts)


def _unknown(name: str, plugin: Any) -> bool:
    """Whether a plugin may change a page; those of Material do nothing where they are disabled."""
    disabled = name.startswith("material/") and plugin.config.get("enabled") is False
    return name not in KNOWN_PLUGINS and not disabled


def titles_of(nav: Any) -> dict[str, str | None]:
    """The files that a navigation names, with their titles; None where the page has its own."""
    return dict(_entries(nav, None))


def _entries(nav: Any, title: str | None) -> Iterator[tuple[str, str | None]]:
    if isinstance(nav, str):
        yield nav, title
    elif isinstance(nav, Mapping):
        for key, value in nav.items():
            yield from _entries(value, key)
    elif nav is not None:
        for entry in nav:
            yield from _entries(entry, None)


def _told(value: Any) -> Any:
    """A value of the configuration in a form that is the same whenever its contents are."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): _told(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_told(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(map(repr, value))
    if isinstance(value, PurePath):
        return str(value)
    if hasattr(value, "patterns"):  # of files that are left out
        return [_told(getattr(pattern, "regex", None)) for pattern in value.patterns]
    if isinstance(value, re.Pattern):
        return value.pattern
    if callable(value) and hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__}"
    text = repr(value)
    if _ADDRESS.search(text):
        raise _Untold(text)
    return text


def _is_known(folder: Path) -> bool:
    """Whether templates come with a theme whose version is known."""
    path = folder.as_posix()
    own = folder == Path(__file__).with_name("theme")
    return own or path.endswith(_KNOWN_THEMES) or "/mkdocs/themes/" in path


def _of_templates(folder: Path) -> str:
    if not _is_known(folder) and folder.is_dir():
        for path in folder.rglob("*.html"):
            if _UNTOLD.search(path.read_text("utf-8", errors="replace")):
                raise _Untold(str(path))
        return cache.tree(folder)
    # Icons and assets come with the version of the theme, which is known; templates may be patched.
    return cache.tree(folder, _NOT_TEMPLATES)


def _shown_of(path: Path, *, titled: bool) -> str:
    """Of a hand-written page, what others show of it: its front matter, and its title."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
    if not titled:
        return text
    matter = re.match(r"---\n.*?\n(?:---|\.\.\.)[ \t]*\n", text, re.DOTALL)
    return matter[0] if matter else text.partition("\n\n")[0]
