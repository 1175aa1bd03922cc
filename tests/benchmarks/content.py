"""A casebook of any size, out of a seed: the same records for both of the sites that are measured."""

from __future__ import annotations

import datetime
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]

EVENTS, SOURCES, AXES, LESSONS, CLAIMS = 20, 25, 8, 24, 8
EVIDENCE = 8
"""The number of events of a case that are evidence for or against lessons."""
PAIRS = (1, 2, 5)
"""Each case is compared with those so many places after it."""
SMALLEST = 12
"""With fewer cases the lessons would lack evidence, and pairs would repeat."""

_KINDS = (
    *("proposal", "review", "change", "review", "change", "change", "merge", "change", "fix"),
    *("compatibility", "specification", "change", "breakage", "fix", "comment", "measurement"),
    *("change", "compatibility", "comment", "review"),
)
_START = datetime.date(2004, 1, 1)
# Made of syllables, so that no text of anybody is needed and a search index has distinct words.
_SYLLABLES = [
    "a",
    "be",
    "ka",
    "re",
    "mo",
    "ti",
    "lu",
    "sen",
    "do",
    "pe",
    "vin",
    "ga",
    "os",
    "um",
    "i",
    "tal",
]


@dataclass(frozen=True, slots=True)
class Content:
    """Records by folder and id, as they would be written."""

    casebook: Record
    folders: Mapping[str, Mapping[str, Record]]

    def __getitem__(self, folder: str) -> Mapping[str, Record]:
        return self.folders[folder]


class _Writer:
    """Writes texts of the length and the markup that records have."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.words = sorted(
            {
                "".join(self.random.choices(_SYLLABLES, k=self.random.randint(1, 4)))
                for _ in range(3000)
            }
        )
        self.words.sort(key=lambda word: len(word) + self.random.random() * 5)
        # Short words are common, as in any language.
        self.weights = [1 / (rank + 3) for rank in range(len(self.words))]

    def some(self, count: int) -> list[str]:
        return self.random.choices(self.words, self.weights, k=count)

    def line(self, count: int) -> str:
        return " ".join(self.some(count)).capitalize()

    def sentence(self, count: int = 11, link: str = "") -> str:
        words = self.some(count)
        if self.random.random() < 0.4:
            words[count // 3] = f"`{words[count // 3]}_{words[0]}`"
        if self.random.random() < 0.2:
            words[count // 2] = f"*{words[count // 2]}*"
        if link:
            words[-2:] = [f"[{words[-2]} {words[-1]}]({link})"]
        return " ".join(words).capitalize() + "."

    def paragraph(self, sentences: int, *links: str) -> str:
        return " ".join(
            self.sentence(link=links[n] if n < len(links) else "") for n in range(sentences)
        )


def content(cases: int, seed: int = 2011) -> Content:
    """Make a casebook.

    Args:
        cases: How many cases it has, at least :data:`SMALLEST`.
        seed: The same seed makes the same casebook.

    Returns:
        Records that the checks find nothing wrong with.
    """
    assert cases >= SMALLEST
    w = _Writer(seed)
    releases = {
        f"v{n // 10}.{n % 10}": (_START + datetime.timedelta(days=70 * n)).isoformat()
        for n in range(1, 100)
    }
    axes = {f"axis-{n}": _axis(w, n) for n in range(1, AXES + 1)}
    patterns = {name: _pattern(w, name, n) for n, name in enumerate(("apart", "together"), 1)}
    lessons = {f"lesson-{n}": _lesson(w, n) for n in range(LESSONS)}
    claims = {f"claim-{n}": _claim(w, n) for n in range(CLAIMS)}
    made = {f"case-{n}": _case(w, n, axes) for n in range(cases)}
    pairs: dict[str, Record] = {}
    for n in range(cases):
        for step in PAIRS:
            two = [f"case-{n}", f"case-{(n + step) % cases}"]
            pairs["-vs-".join(two)] = {
                "id": "-vs-".join(two),
                "cases": two,
                "because": w.paragraph(1),
                "shows": w.paragraph(2),
            }
    teapot = {
        "id": "kernel",
        "title": "Kernel",
        "home": "https://git.example.org/kernel",
        "commit": "https://git.example.org/kernel/commit/{commit}",
        "file": "https://git.example.org/kernel/blob/{at}/{path}",
        "releases": releases,
    }
    casebook = {
        "title": "A book of many cases",
        "default_repository": "kernel",
        "mail_archive": "https://lists.example.org/r/{message_id}",
        "lanes": [
            {"id": "kernel-side", "title": "Kernel"},
            {"id": "both", "title": "Both", "joins": ["kernel-side", "user-side"]},
            {"id": "user-side", "title": "User space"},
        ],
        "interfaces": [{"id": f"kind-{n}", "title": f"Kind {n}"} for n in range(6)],
    }
    return Content(
        casebook,
        {
            "axes": axes,
            "patterns": patterns,
            "lessons": lessons,
            "claims": claims,
            "repositories": {"kernel": teapot},
            "cases": made,
            "pairs": pairs,
        },
    )


def _axis(w: _Writer, n: int) -> Record:
    return {
        "id": f"axis-{n}",
        "order": n,
        "title": w.some(1)[0].capitalize(),
        "question": w.line(7) + "?",
        "why": w.paragraph(2),
        "ratings": [
            {"id": word, "title": word.capitalize(), "level": level, "meaning": w.line(8) + "."}
            for word, level in (("strong", "high"), ("partial", "middle"), ("weak", "low"))
        ],
    }


def _pattern(w: _Writer, name: str, n: int) -> Record:
    return {
        "id": name,
        "order": n,
        "title": name.capitalize(),
        "summary": w.paragraph(3),
        "stages": [
            {"id": f"stage-{n}-{step}", "title": w.line(5), "text": w.paragraph(2)}
            for step in range(4)
        ],
        "amounts_to": w.paragraph(2),
    }


def _lesson(w: _Writer, n: int) -> Record:
    return {
        "id": f"lesson-{n}",
        "order": n,
        "title": w.line(6),
        "applies": [f"kind-{n % 6}"],
        "do": w.paragraph(2),
        "why": w.paragraph(2),
        "limits": w.paragraph(1),
    }


def _claim(w: _Writer, n: int) -> Record:
    return {
        "id": f"claim-{n}",
        "order": n,
        "title": w.line(6),
        "statement": w.paragraph(2),
        "origin": w.paragraph(1),
        "pattern": "apart" if n % 2 else "together",
        "stance": "against" if n % 3 else "for",
        "amounts_to": w.paragraph(2),
    }


def _case(w: _Writer, n: int, axes: Mapping[str, Record]) -> Record:
    start = _START + datetime.timedelta(days=w.random.randrange(100, 3000))
    days = [(start + datetime.timedelta(days=61 * k)).isoformat() for k in range(EVENTS)]
    sources = {f"source-{k}": _source(w, k, days[k % EVENTS]) for k in range(SOURCES)}
    events = []
    for k in range(EVENTS):
        event: Record = {
            "id": f"event-{k}",
            "date": days[k],
            "kind": _KINDS[k],
            "lane": ("kernel-side", "both", "user-side")[k % 3],
            "title": w.line(5),
            "text": w.sentence(12),
            "sources": [s for s in (f"source-{k}", f"source-{k + EVENTS}") if s in sources],
        }
        if k % 5 == 2:
            event["reading"] = w.sentence()
        if k < EVIDENCE:
            nth = n * EVIDENCE + k
            stance = "against" if (nth // LESSONS) % 4 == 3 else "for"
            event[stance] = [f"lesson/lesson-{nth % LESSONS}"]
        elif k % 3 == 0:
            event["against" if (n + k) % 4 == 0 else "for"] = [f"claim/claim-{(n + k) % CLAIMS}"]
        elif k % 3 == 1:
            event["for"] = [f"stage/stage-{1 + n % 2}-{(n + k) % 4}"]
        events.append(event)
    return {
        "id": f"case-{n}",
        "name": f"case-{n}",
        "title": f"case-{n}: {w.line(5)}",
        "pattern": {"label": "apart" if n % 2 else "together", "because": w.paragraph(1, "#event-6")},
        "summary": w.paragraph(4, "#event-0", "#event-6"),
        "reviewed": "2026-01-02",
        "interface": {
            "kinds": [f"kind-{n % 6}", f"kind-{(n + 1) % 6}"],
            "surface": [w.line(4), w.line(4)],
            "paths": [f"include/{w.some(1)[0]}.h", f"kernel/{w.some(1)[0]}.c"],
        },
        "sides": [
            {
                "id": "tool",
                "name": w.some(1)[0],
                "periods": [
                    {"from": days[0], "to": days[6], "tree": "own", "where": w.some(1)[0],
                     "sources": ["source-0"]},
                    {"from": days[6], "tree": "mainline", "where": f"tools/{w.some(1)[0]}",
                     "sources": ["source-6"]},
                ],
            }
        ],
        "sources": sources,
        "events": events,
        "findings": {
            axis: {
                "rating": w.random.choice(("strong", "partial", "weak")),
                "text": w.paragraph(3, f"#event-{number}"),
                "events": [f"event-{number}", f"event-{number + 9}"],
            }
            for number, axis in enumerate(axes)
        },
    }  # fmt: skip


def _source(w: _Writer, k: int, day: str) -> Record:
    end = {"checked": "2026-01-01", "how": "git show in a clone"}
    if k % 6 == 4:
        mail = f"{day.replace('-', '')}.{w.random.randrange(10**6)}@example.org"
        return {"mail": mail, "subject": w.line(5), "author": w.line(2), "date": day, **end}
    if k % 12 == 11:
        article = f"https://news.example.org/{w.random.randrange(10**6)}"
        return {"article": article, "title": w.line(5), "publisher": w.line(1), "date": day, **end}
    return {
        "commit": f"{w.random.getrandbits(160):040x}",
        "repository": "kernel",
        "subject": f"{w.some(1)[0]}: {w.line(4)}",
        "author": w.line(2),
        "date": day,
        **end,
    }
