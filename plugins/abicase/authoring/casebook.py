"""A new casebook: a whole project with a small example in it, which builds at once.

Its files are those in ``skeleton/``, except for the title and the required package.
"""

from __future__ import annotations

import json
from importlib.metadata import distribution
from pathlib import Path

from abicase.problems.problem import CASEBOOK_FILE
from abicase.schema.casebook import Casebook
from abicase.source.canonical import canonical
from abicase.source.document import parse
from abicase.source.folders import DEFAULT_RECORDS

_SKELETON = Path(__file__).with_name("skeleton")
_PACKAGE = "mkdocs-abicase"
_TITLE = "An Example Casebook"
"""The title in the files of the skeleton."""
_ON_THIS_MACHINE = (
    "# Only this machine can read this address: replace it with that of a repository or a wheel.\n"
)


def casebook_files(title: str) -> dict[str, str]:
    """Return the files of a new casebook with a title of one line, by their paths."""
    paths = [path for path in _SKELETON.rglob("*") if path.is_file()]
    made = {path.relative_to(_SKELETON).as_posix(): path.read_text("utf-8") for path in paths}
    quoted = json.dumps(title, ensure_ascii=False)
    made["mkdocs.yml"] = made["mkdocs.yml"].replace(
        f"\nsite_name: {_TITLE}\n", f"\nsite_name: {quoted}\n"
    )
    records = f"{DEFAULT_RECORDS}/{CASEBOOK_FILE}"
    text = made[records].replace(f"\ntitle: {_TITLE}\n", f"\ntitle: {quoted}\n")
    document, problems = parse(text, records)
    assert document is not None, problems
    made[records] = canonical(document, Casebook)
    requirement = _requirement()
    note = _ON_THIS_MACHINE if "file:" in requirement else ""
    made["requirements.txt"] = made["requirements.txt"].replace(
        f"\n{_PACKAGE}\n", f"\n{note}{requirement}\n"
    )
    return made


def _requirement() -> str:
    """Return the requirement that installs this package again, from where it came.

    An installer that was given an address records it in ``direct_url.json``. Otherwise the package
    came from an index, which knows it by its version.
    """
    package = distribution(_PACKAGE)
    noted = package.read_text("direct_url.json")
    if noted is None:
        return f"{_PACKAGE}=={package.version}"
    origin = json.loads(noted)
    if checkout := origin.get("vcs_info"):
        # Without the name in front: pip rejects "NAME @ git+file:///…", which has no host.
        return f"{checkout['vcs']}+{origin['url']}@{checkout['commit_id']}"
    return f"{_PACKAGE} @ {origin['url']}"
