"""Checks of a built site before it is published. It is read as files, whatever built it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import url2pathname

from abicase.outputs.builtsite import BuiltPage, BuiltSite, Mention
from abicase.problems.codes import Code
from abicase.problems.problem import Problem
from abicase.source.reading import shown_path

_THEME = (
    r"Attribute .autocomplete. is only allowed when the input type is .*"
    r"|Bad value .* for attribute .tabindex. on element .label.*"
    r"|The value of the .for. attribute of the .label. element must be the ID of a .*"
)
"""Messages of the HTML checker about the markup of the Material theme, which are left out."""
_SECONDS = 600


class NotInspectedError(Exception):
    """The HTML checker is missing or fails; the message says what to do."""


def inspect(site: BuiltSite) -> list[Problem]:
    """Check the links, the ids, and the addresses of all that pages load; and the content policy.

    Returns:
        The problems, at their places in the built pages.
    """
    pages = dict(site.pages())
    found = []
    for name, page in pages.items():
        shown = shown_path(site.folder / name)

        def problem(code: Code, mention: Mention, message: str, shown: str = shown) -> Problem:
            return Problem(shown, mention.line, mention.column, code, "", message)

        seen = set()
        for mention in page.ids:
            if mention.value in seen:
                found.append(problem("invalid-html", mention, f"the id {mention.value!r} repeats"))
            seen.add(mention.value)
        found += [
            problem("other-host", mention, f"loads {mention.value}")
            for mention in page.loads
            if _is_on_another_host(mention.value)
        ]
        found += [
            problem("content-policy", mention, f"the attribute {mention.value!r} is inline code")
            for mention in page.code_attributes
        ]
        if name != "404.html":  # it is served at any address, so its links start at the root
            found += [
                problem("dead-link", mention, message)
                for mention in page.links + page.loads
                if (message := _dead(site.folder, name, mention.value, pages))
            ]
    return sorted(found)


def _is_on_another_host(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in ("", "data")


def _dead(site: Path, page: str, link: str, pages: Mapping[str, BuiltPage]) -> str:
    """Describe what is wrong with a link; empty if it leads somewhere, or off the site."""
    parts = urlsplit(link)
    if parts.scheme == "abicase":
        return f"{link!r} leads to nothing: this form is for the navigation in mkdocs.yml only"
    if parts.scheme or parts.netloc:
        return ""
    address = urlsplit(urljoin(f"/{page}", link))
    anchor = unquote(address.fragment)
    target = unquote(address.path).lstrip("/")
    if target == "" or target.endswith("/"):
        target += "index.html"
    if not (site / target).is_file():
        return f"{link!r} leads to nothing: there is no {target}"
    if anchor and target in pages and anchor not in pages[target].anchors:
        return f"{link!r} leads to nothing: {target} has no id {anchor!r}"
    return ""


def invalid_html(site: Path) -> Iterator[Problem]:
    """Yield the errors of the Nu Html Checker, except for those in the theme's own markup.

    Raises:
        NotInspectedError: The checker is missing, or fails.
    """
    options = ["--skip-non-html", "--format", "json", "--stdout", "--exit-zero-always"]
    command = [*_html_checker(), *options, "--filterpattern", _THEME, str(site)]
    try:
        result = subprocess.run(  # noqa: S603 - no shell, and the site is a folder
            command, capture_output=True, text=True, timeout=_SECONDS, check=True
        )
        messages = json.loads(result.stdout)["messages"]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as problem:
        raise NotInspectedError(f"the HTML checker failed: {problem}") from None
    for message in messages:
        if message["type"] == "error":
            path = Path(url2pathname(urlsplit(message["url"]).path))
            yield Problem(
                shown_path(path),
                message.get("firstLine", message.get("lastLine", 1)),
                message.get("firstColumn", 1),
                "invalid-html",
                "",
                message["message"],
            )


def _html_checker() -> Sequence[str]:
    """Return the command of the Nu Html Checker, vnu."""
    if jar := os.environ.get("VNU_JAR"):
        return ["java", "-Xss4m", "-jar", jar]
    if found := shutil.which("vnu"):
        return [found]
    raise NotInspectedError(
        "the Nu Html Checker is not installed: put vnu on the PATH, or name vnu.jar in VNU_JAR"
    )
