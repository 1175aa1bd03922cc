"""The small casebook with lessons in which every field is set."""

from __future__ import annotations

from pathlib import Path

_CASEBOOK = """\
groups:
  - {id: shape, title: Shape, about: what is passed}
  - {id: talk, title: Talk, about: who hears of it}
documents:
  - {file: "docs/{page}.md", address: "https://docs.example.org/{page}/"}
"""
_RULE = """\
id: rule
order: 1
group: shape
title: Pass milliseconds
keywords:
  - ms_of_cup()
  - bare number
applies: [function]
do: Pass times in milliseconds.
why: Callers guess otherwise.
limits: Not for dates.
none_found:
  looked_at: both cases
  on: 2024-05-06
  by: Ada Example
examples:
  - do: false
    title: Don't pass a bare number
    language: c
    code: |-
      void pour(int t);	/* <b> & "t" */

      pour(3);
    mark: [3]
    caption: Three of what?
  - do: true
    title: Do name the unit
    language: c
    code: |-
      void pour(int ms);
      pour(3000);
    mark: [1]
documented_in:
  - file: docs/api/units.md
    section: Times
    checked: 2024-05-06
    how: read at v1.0
cite:
  ask: >-
    Please pass the time in milliseconds, and say so in the name of the parameter, as all of the
    other functions of this library do.
  why: Otherwise callers guess the unit.
  precedent: case/pour#unit-named
  limit: Dates are another matter.
related: [name-the-unit]
"""
_DOCUMENTED = """\
id: documented
group: talk
title: Announce the unit
applies: [file-format]
do: Say which unit it is.
why: Readers ask.
limits: None known.
documented_in:
  - {file: docs/units.md, checked: 2024-05-06, how: read at v1.0}
"""


def add_rules(records: Path) -> Path:
    """Add two lessons to a copy of the small casebook: ``rule`` and ``documented``."""
    casebook = records / "casebook.yml"
    text = casebook.read_text("utf-8")
    casebook.write_text(text.replace("terms:\n", f"{_CASEBOOK}terms:\n"), encoding="utf-8")
    for name, lesson in (("rule", _RULE), ("documented", _DOCUMENTED)):
        (records / "lessons" / f"{name}.yml").write_text(lesson, encoding="utf-8")
    case = records / "cases" / "pour.yml"
    text = case.read_text("utf-8")
    for reference in ("[stage/change-it, lesson/name-the-unit]", "[stage/try-it, claim/faster]"):
        assert reference in text
        text = text.replace(reference, reference[:-1] + ", lesson/rule]")
    case.write_text(text, encoding="utf-8")
    return records
