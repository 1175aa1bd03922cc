"""The words of the first domain, which no page, file or message of another casebook has."""

from __future__ import annotations

import re
from pathlib import Path

FIRST_DOMAIN = re.compile(
    r"\bABIs?\b|(?i:kernel|linux|mainline|upstream|user[ -]?space|syscall|ioctl|sysfs|netlink"
    r"|\blore\b|\bmerged?\b|merge window)"
)
NAMES = re.compile(
    r"days-to-merge|changes-(?:before|after)-merge|\bkind--merge\b|\"merge\"|`merge`"
)
"""The names in the format and the API, which are the same for all domains."""
OURS = {".html", ".json", ".xml", ".txt", ".md"}
BOTH = {"abicase.css", "abicase.js"}


def foreign(folder: Path) -> list[str]:
    """The lines of all files made of the records that speak of the first domain."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in OURS or path.name in BOTH]
    return [
        f"{path.relative_to(folder)}: {line[: spoken.end()][-200:]}"
        for path in files
        for line in path.read_text("utf-8").splitlines()
        if (spoken := FIRST_DOMAIN.search(NAMES.sub("", line)))
    ]
