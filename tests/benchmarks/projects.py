"""The two sites that are measured: records for the plugin, and whole pages for plain MkDocs."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from benchmarks.content import Content, Record

LISTED = 30
"""How many pages of a section stand in the navigation; a larger section has its index only."""

_THEME = {
    "name": "material",
    "font": False,
    "features": [
        "navigation.footer",
        "navigation.indexes",
        "navigation.sections",
        "navigation.tabs",
        "navigation.top",
        "search.highlight",
        "search.share",
        "toc.follow",
    ],
}
# As in the site of this repository.
_EXTENSIONS = [
    "admonition",
    "attr_list",
    "md_in_html",
    "tables",
    {"toc": {"permalink": "#", "toc_depth": 3}},
]
_SECTIONS = ("claims", "cases", "compare", "axes", "lessons")


def _configuration(nav: list[Any], plugins: list[Any]) -> str:
    return yaml.safe_dump(
        {
            "site_name": "Many cases",
            "site_url": "https://casebook.example.org/",
            "theme": _THEME,
            "nav": nav,
            "plugins": plugins,
            "markdown_extensions": _EXTENSIONS,
            "not_in_nav": "*",
            "validation": {"links": {"anchors": "warn", "not_found": "warn"}},
        },
        sort_keys=False,
    )


# With the plugin


def write_casebook(content: Content, project: Path) -> None:
    """Write the site that the plugin makes: records, a home page, and the configuration."""
    shutil.rmtree(project, ignore_errors=True)
    (project / "docs").mkdir(parents=True)
    nav: list[Any] = ["index.md", {"Patterns": "patterns/index.md"}]
    nav += [{section.capitalize(): f"abicase:{section}"} for section in _SECTIONS]
    plugins = ["search", {"abicase": {"navigation_limit": LISTED}}]
    (project / "mkdocs.yml").write_text(_configuration(nav, plugins), "utf-8")
    (project / "docs" / "index.md").write_text("# Many cases\n\nA home page.\n", "utf-8")
    records = project / "casestudies"
    records.mkdir()
    (records / "casebook.yml").write_text(_yaml(content.casebook), "utf-8")
    for folder, of_kind in content.folders.items():
        (records / folder).mkdir()
        for id_, record in of_kind.items():
            (records / folder / f"{id_}.yml").write_text(_yaml(record), "utf-8")


def _yaml(record: Record) -> str:
    return "\n".join(_lines(record)) + "\n"


def _lines(value: Any, indent: str = "") -> Iterator[str]:
    """YAML in the shape in which people write it: blocks, and short lists in one line."""
    for key, held in value.items():
        if isinstance(held, Mapping):
            yield f"{indent}{key}:"
            yield from _lines(held, indent + "  ")
        elif isinstance(held, list) and isinstance(held[0], Mapping):
            yield f"{indent}{key}:"
            for item in held:
                first, *others = _lines(item, indent + "  ")
                yield f"{indent}- {first.strip()}"
                yield from others
        elif isinstance(held, str) and len(held) > 100:
            yield f"{indent}{key}: >-"
            yield from _wrapped(held, indent + "  ")
        elif isinstance(held, bool | int):
            yield f"{indent}{key}: {json.dumps(held)}"
        elif isinstance(held, list) and all(re.fullmatch(r"[\w./-]+", item) for item in held):
            yield f"{indent}{key}: [{', '.join(held)}]"
        elif isinstance(held, str) and re.fullmatch(r"[\w. -]+", held):
            yield f"{indent}{key}: {held}"
        else:
            yield f"{indent}{key}: {json.dumps(held, ensure_ascii=False)}"


def _wrapped(text: str, indent: str) -> Iterator[str]:
    line = indent
    for word in text.split():
        if len(line) + len(word) > 98:
            yield line.rstrip()
            line = indent
        line += word + " "
    yield line.rstrip()


# By hand


def write_plain(content: Content, project: Path) -> None:
    """Write the same content as somebody would without the plugin: every page in Markdown."""
    shutil.rmtree(project, ignore_errors=True)
    docs = project / "docs"
    pages = dict(_pages(content))
    for file, text in pages.items():
        path = docs / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    nav: list[Any] = ["index.md", {"Patterns": "patterns/index.md"}]
    for section in _SECTIONS:
        members = [file for file in pages if file.startswith(f"{section}/")]
        if len(members) - 1 > LISTED:
            members = members[:1]
        nav.append({section.capitalize(): members})
    (project / "mkdocs.yml").write_text(_configuration(nav, ["search"]), "utf-8")


def _pages(content: Content) -> Iterator[tuple[str, str]]:
    cases, axes = content["cases"], content["axes"]
    evidence = _evidence(content)
    yield "index.md", "# Many cases\n\nA home page.\n"
    yield "cases/index.md", _index("Cases", "cases", cases.values(), "summary")
    for case in cases.values():
        yield f"cases/{case['id']}.md", _case(content, case)
    yield "compare/index.md", _matrix(content)
    for pair in content["pairs"].values():
        yield f"compare/{pair['id']}.md", _pair(content, pair)
    yield "patterns/index.md", _patterns(content, evidence)
    yield "axes/index.md", _index("Axes", "axes", axes.values(), "question")
    for axis in axes.values():
        yield f"axes/{axis['id']}.md", _axis(content, axis)
    for folder, fields in (
        ("claims", ("statement", "origin", "amounts_to")),
        ("lessons", ("do", "why", "limits")),
    ):
        records = content[folder].values()
        yield f"{folder}/index.md", _index(folder.capitalize(), folder, records, fields[0])
        for record in records:
            text = f"# {record['title']}\n\n"
            for field in fields:
                text += f"## {field.capitalize()}\n\n{record[field]}\n\n"
            reference = f"{folder[:-1]}/{record['id']}"
            yield f"{folder}/{record['id']}.md", text + _both_sides(evidence[reference])


def _index(title: str, folder: str, records: Iterable[Record], field: str) -> str:
    text = f"# {title}\n\n"
    for record in records:
        said = _linked(record[field], f"{record['id']}.md")
        text += f"- [{record['title']}]({record['id']}.md): {said}\n"
    return text


def _linked(text: str, page: str) -> str:
    """A text with its links to parts of its own case, from another page."""
    return text.replace("](#", f"]({page}#")


def _evidence(content: Content) -> dict[str, dict[str, list[tuple[str, Record]]]]:
    found: dict[str, dict[str, list[tuple[str, Record]]]] = {}
    for case in content["cases"].values():
        for event in case["events"]:
            for side in ("for", "against"):
                for reference in event.get(side, ()):
                    sides = found.setdefault(reference, {"for": [], "against": []})
                    sides[side].append((case["id"], event))
    return found


def _both_sides(sides: Mapping[str, list[tuple[str, Record]]], level: str = "##") -> str:
    text = ""
    for side, witnesses in sides.items():
        text += f"{level} What speaks {side} it\n\n"
        for case, event in witnesses:
            page = f"../cases/{case}.md"
            text += f"- {event['date']}, [{case}]({page}): [{event['title']}]({page}#{event['id']})"
            text += f"\n\n    {_linked(event['text'], page)}\n"
        text += "\n"
    return text


def _source(source: Record) -> str:
    if "commit" in source:
        link = f"https://git.example.org/kernel/commit/{source['commit']}"
        return f'[`{source["commit"][:12]}`]({link}) ("{source["subject"]}"), {source["author"]}'
    if "mail" in source:
        link = f"https://lists.example.org/r/{source['mail']}"
        return f"[{source['subject']}]({link}), mail, {source['author']}"
    return f"[{source['title']}]({source['article']}), {source['publisher']}"


def _finding(content: Content, axis: Record, case: Record, page: str = "") -> str:
    finding = case["findings"][axis["id"]]
    titles = {event["id"]: event["title"] for event in case["events"]}
    rests = "; ".join(f"[{titles[id_]}]({page}#{id_})" for id_ in finding["events"])
    text = _linked(finding["text"], page) if page else finding["text"]
    return f"**{finding['rating'].capitalize()}**\n\n{text}\n\nRests on: {rests}\n\n"


def _figures(case: Record) -> list[tuple[str, str]]:
    changes = [event for event in case["events"] if event["kind"] == "change"]
    return [
        ("From the first proposal to the merge", "366 days"),
        ("Changes up to the merge", "3"),
        ("Changes after the merge", f"{len(changes) - 3}"),
        ("Of these, on both sides", "2"),
        ("Boundaries", "0 to 1"),
        ("Time covered", "3.2 years"),
    ]


def _case(content: Content, case: Record) -> str:
    text = f"# {case['title']} {{ #top }}\n\n"
    text += (
        f"Pattern: [{case['pattern']['label']}](../patterns/index.md#{case['pattern']['label']})"
    )
    text += f". Reviewed {case['reviewed']}. Kinds: {', '.join(case['interface']['kinds'])}.\n\n"
    text += f"## Summary {{ #summary }}\n\n{case['summary']}\n\n{case['pattern']['because']}\n\n"
    text += "".join(f"- {line}\n" for line in case["interface"]["surface"])
    text += "\n## Figures { #figures }\n\n| Figure | Value |\n| --- | --- |\n"
    text += "".join(f"| {name} | {value} |\n" for name, value in _figures(case))
    text += "\n## Programs { #sides }\n\n| Program | When | Where |\n| --- | --- | --- |\n"
    for side in case["sides"]:
        for period in side["periods"]:
            when = f"{period['from']} to {period.get('to', 'now')}"
            text += f"| {side['name']} | {when} | {period['tree']}: {period['where']} |\n"
    text += "\n## Findings { #findings }\n\n"
    for axis in content["axes"].values():
        text += f"### {axis['title']} {{ #{axis['id']} }}\n\n"
        text += f"[{axis['question']}](../axes/{axis['id']}.md)\n\n{_finding(content, axis, case)}"
    text += "## Events { #events }\n\n"
    lessons: dict[str, list[Record]] = {}
    for event in case["events"]:
        text += f"### {event['title']} {{ #{event['id']} }}\n\n"
        text += f"{event['date']} · {event['kind']} · {event['lane']} · "
        text += f"`case/{case['id']}#{event['id']}`\n\n{event['text']}\n\n"
        if "reading" in event:
            text += f"> {event['reading']}\n\n"
        cited = "; ".join(f"{_source(case['sources'][s])} [source](#{s})" for s in event["sources"])
        text += f"- Sources: {cited}\n"
        for side in ("for", "against"):
            for reference in event.get(side, ()):
                text += f"- Speaks {side}: {_item(content, reference)}\n"
                if reference.startswith("lesson/"):
                    lessons.setdefault(reference, []).append(event)
        text += "\n"
    text += "## Lessons with evidence here { #lessons }\n\n"
    for reference, events in lessons.items():
        links = "; ".join(f"[{event['title']}](#{event['id']})" for event in events)
        text += f"- {_item(content, reference)} {links}\n"
    text += "\n## Compared with { #pairs }\n\n"
    for pair in _pairs_of(content, case["id"]):
        text += f"- [{' and '.join(pair['cases'])}](../compare/{pair['id']}.md)\n"
    text += "\n## Sources { #sources }\n\n"
    for id_, source in case["sources"].items():
        cited = ", ".join(f"[{e['id']}](#{e['id']})" for e in case["events"] if id_ in e["sources"])
        text += f"- {_source(source)}. Checked {source['checked']}: {source['how']}."
        text += f" Cited by: {cited}.\n  {{ #{id_} }}\n"
    return text


def _pairs_of(content: Content, case: str) -> list[Record]:
    number, count = int(case.removeprefix("case-")), len(content["cases"])
    from benchmarks.content import PAIRS

    ids = [f"{case}-vs-case-{(number + step) % count}" for step in PAIRS]
    ids += [f"case-{(number - step) % count}-vs-{case}" for step in PAIRS]
    return [content["pairs"][id_] for id_ in ids]


def _item(content: Content, reference: str) -> str:
    kind, _, id_ = reference.partition("/")
    if kind == "stage":
        stages = [s for p in content["patterns"].values() for s in p["stages"]]
        title = next(stage["title"] for stage in stages if stage["id"] == id_)
        return f"[{title}](../patterns/index.md#{id_})"
    return f"[{content[kind + 's'][id_]['title']}](../{kind}s/{id_}.md)"


def _matrix(content: Content) -> str:
    axes = content["axes"].values()
    text = "# Compare\n\n| Case | " + " | ".join(
        f"[{axis['title']}]({'../axes/' + axis['id']}.md)" for axis in axes
    )
    text += " |\n" + "| --- " * (len(axes) + 1) + "|\n"
    for case in content["cases"].values():
        cells = []
        for axis in axes:
            finding = case["findings"][axis["id"]]
            link = f"../cases/{case['id']}.md#{axis['id']}"
            reason = " ".join(finding["text"].split("[")[0].replace("`", "").split()[:14])
            cells.append(f"[{finding['rating']}]({link}) {reason.replace('*', '')}…")
        text += f"| [{case['name']}](../cases/{case['id']}.md) | {' | '.join(cells)} |\n"
    text += "\n## Pairs\n\n"
    for pair in content["pairs"].values():
        text += f"- [{' and '.join(pair['cases'])}]({pair['id']}.md): {pair['because']}\n"
    return text


def _pair(content: Content, pair: Record) -> str:
    both = [content["cases"][id_] for id_ in pair["cases"]]
    text = f"# {' and '.join(pair['cases'])}\n\n{pair['because']}\n\n"
    text += (
        f"## What the pair shows {{ #shows }}\n\n{pair['shows']}\n\n## Figures {{ #figures }}\n\n"
    )
    text += "| Figure | " + " | ".join(f"[{c['name']}](../cases/{c['id']}.md)" for c in both)
    text += " |\n| --- | --- | --- |\n"
    for (name, left), (_, right) in zip(*(_figures(case) for case in both), strict=True):
        text += f"| {name} | {left} | {right} |\n"
    text += "\n## Findings { #findings }\n\n"
    for axis in content["axes"].values():
        text += f"### {axis['title']} {{ #{axis['id']} }}\n\n"
        text += f"[{axis['question']}](../axes/{axis['id']}.md)\n\n"
        for case in both:
            page = f"../cases/{case['id']}.md"
            text += f"[{case['name']}]({page}#{axis['id']}) {_finding(content, axis, case, page)}"
    return text


def _patterns(content: Content, evidence: Mapping[str, Any]) -> str:
    text = "# Patterns\n\n"
    for pattern in content["patterns"].values():
        text += f"## {pattern['title']} {{ #{pattern['id']} }}\n\n{pattern['summary']}\n\n"
        text += f"{pattern['amounts_to']}\n\n"
        cases = [c for c in content["cases"].values() if c["pattern"]["label"] == pattern["id"]]
        links = ", ".join(f"[{c['name']}](../cases/{c['id']}.md)" for c in cases)
        text += f"Cases: {links}.\n\n"
        for stage in pattern["stages"]:
            text += f"### {stage['title']} {{ #{stage['id']} }}\n\n{stage['text']}\n\n"
            text += _both_sides(evidence[f"stage/{stage['id']}"], "####")
    return text


def _axis(content: Content, axis: Record) -> str:
    text = f"# {axis['title']}\n\n{axis['question']}\n\n{axis['why']}\n\n"
    text += "| Rating | Given when |\n| --- | --- |\n"
    for rating in axis["ratings"]:
        text += f"| {rating['title']} | {rating['meaning']} |\n"
    text += "\n"
    for pattern in content["patterns"].values():
        text += f"## {pattern['title']}\n\n"
        for case in content["cases"].values():
            if case["pattern"]["label"] == pattern["id"]:
                page = f"../cases/{case['id']}.md"
                text += f"### {case['name']} {{ #{case['id']} }}\n\n"
                text += _finding(content, axis, case, page)
    return text
