"""The templates of a site, each of which has to stand in for one or be used by one."""

from __future__ import annotations

import contextlib
from pathlib import Path

import jinja2
from jinja2 import meta

from abicase.problems.problem import CASEBOOK_FILE
from abicase.problems.suggestions import closest, did_you_mean
from abicase.render.renderer import TEMPLATES

_SUFFIX = ".md.jinja"


def unused_template(folder: Path) -> str:
    """Look for a template that no page can show, such as one whose name is mistyped.

    Args:
        folder: The templates of a site.

    Returns:
        What is wrong with the first of them and what was probably meant; empty for nothing.
    """
    own = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.jinja")}
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.jinja")}
    left = sorted(name for name in found if name not in own and not name.startswith("parts/"))
    if not left:
        return ""
    used: set[str | None] = set()
    for path in found.values():
        with contextlib.suppress(jinja2.TemplateSyntaxError, UnicodeDecodeError):
            tree = jinja2.Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
            used.update(meta.find_referenced_templates(tree))
    for name in left:
        if name not in used:
            stems = {one.removesuffix(_SUFFIX): one for one in own}
            meant = stems.get(closest(name.removesuffix(_SUFFIX), stems), "")
            hint = did_you_mean(meant) or f"words are given in {CASEBOOK_FILE}, below words"
            return f"{found[name]}: no page uses a template of this name ({hint})"
    return ""
