"""A check that each template of a site is used, and that the blocks it replaces exist.

Jinja2 silently ignores a template that nothing uses, and a block that is in none of the templates
that a template extends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import jinja2
from jinja2 import meta, nodes

from abicase.problems.problem import CASEBOOK_FILE
from abicase.problems.suggestions import closest, did_you_mean
from abicase.render.environment import TEMPLATES, syntax_tree

_OWN = "abicase/"
"""The prefix of a template's name that stands for the package's own."""
_SUFFIX = ".md.jinja"

_Trees = Mapping[str, nodes.Template]


def wrong_template(folder: Path) -> str:
    """Look for a template of a site that has no effect, or not the intended one.

    Return the file of the first one and what is wrong with it; an empty text if there is none.
    """
    own = {_OWN + name: tree for name, tree in _parsed(TEMPLATES).items()}
    trees = {name.removeprefix(_OWN): tree for name, tree in own.items()} | own
    site = _parsed(folder)
    used = {one for tree in site.values() for one in meta.find_referenced_templates(tree)}
    for name, tree in site.items():
        if name not in trees and name not in used and not name.startswith("parts/"):
            return f"{folder / name}: no page uses a template of this name ({_meant(name, own)})"
        for line, message in _without_effect(tree, trees | site):
            return f"{folder / name}:{line}: {message}"
    return ""


def _parsed(folder: Path) -> dict[str, nodes.Template]:
    """Parse the templates of a folder; one with a syntax error is reported when it is rendered."""
    found = {}
    for path in sorted(folder.rglob("*.jinja")):
        name = path.relative_to(folder).as_posix()
        try:
            found[name] = syntax_tree(path.read_text(encoding="utf-8"))
        except (jinja2.TemplateSyntaxError, UnicodeDecodeError, OSError):
            continue
    return found


def _meant(name: str, own: _Trees) -> str:
    stems = {one.removeprefix(_OWN).removesuffix(_SUFFIX): one for one in own}
    meant = stems.get(closest(name.removesuffix(_SUFFIX), stems), "").removeprefix(_OWN)
    return did_you_mean(meant) or f"words are given in {CASEBOOK_FILE}, below words"


def _without_effect(tree: nodes.Template, trees: _Trees) -> Iterator[tuple[int, str]]:
    """Yield the blocks and macros of a template that the templates it extends do not use."""
    above = list(_extended(tree, trees))
    if not above:
        return
    blocks = {block.name for one in above for block in one.find_all(nodes.Block)}
    macros = {macro.name for one in above for macro in one.find_all(nodes.Macro)}
    for node in tree.body:
        if isinstance(node, nodes.Block) and node.name not in blocks:
            hint = (
                did_you_mean(closest(node.name, blocks)) or f"there are {', '.join(sorted(blocks))}"
            )
            yield node.lineno, f"the template it extends has no block {node.name!r} ({hint})"
        if isinstance(node, nodes.Macro) and node.name in macros:
            hint = "copy the whole template, and change it there"
            yield node.lineno, f"the template it extends keeps its own macro {node.name!r} ({hint})"


def _extended(tree: nodes.Template, trees: _Trees) -> Iterator[nodes.Template]:
    """Yield the templates that one extends, in turn, as long as their names are literals."""
    seen: set[str] = set()
    while (extends := tree.find(nodes.Extends)) is not None:
        name = extends.template
        if not isinstance(name, nodes.Const) or name.value in seen or name.value not in trees:
            return
        seen.add(name.value)
        tree = trees[name.value]
        yield tree
