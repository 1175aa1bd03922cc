"""Documentation, comments, docstrings and messages use the words that the casebook prefers."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

from abicase.text.house_style import HouseStyle
from conftest import ROOT, real

PROSE = {".css", ".jinja", ".js", ".md", ".py", ".toml"}
WRONG_ON_PURPOSE = ("tests/rejected/", "tests/formats/", "tests/hostile.py")
STRINGS = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", -1)}


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts of a file with their lines; of Python code, the comments and strings."""
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        yield from enumerate(text.splitlines(), 1)
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in STRINGS:
            for number, line in enumerate(token.string.splitlines(), token.start[0]):
                yield number, line.strip("\"'")


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the docstrings of a module and of everything in it, with their lines."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield node.body[0].lineno, text


def test_docstrings_begin_with_a_verb_or_a_noun() -> None:
    clause = re.compile(r"(All that|How|That|What|Where|Whether|Which)\b")
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text.splitlines()[0]}"
        for path in sorted((ROOT / "plugins").rglob("*.py"))
        for line, text in docstrings(path)
        if clause.match(text)
    ]
    assert found == []


def test_docs_and_code_keep_to_the_house_style() -> None:
    style = HouseStyle(real().casebook.house_style)
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    names = [name for name in listed if Path(name).suffix in PROSE and (ROOT / name).is_file()]
    assert len(names) > 200
    found = [
        f"{name}:{number}: {avoided.words!r}: write {avoided.use}"
        for name in names
        if not name.startswith(WRONG_ON_PURPOSE)
        for number, line in lines(ROOT / name)
        for avoided in style.avoided(line)
    ]
    assert found == []
