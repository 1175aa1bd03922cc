"""What stands in the folder of the site: kept where nobody touched it, and nowhere else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from abicase.standing import ASIDE, Standing

FILES = {
    "index.html": "1",
    "cases/one/index.html": "2",
    "cases/one/reply/e.txt": "3",
    "a/b.txt": "4",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / ".hidden").write_text("left alone")
    return tmp_path


def digests() -> dict[str, str]:
    return {path: f"digest-{text}" for path, text in FILES.items()}


def rebuilt(site: Path, wanted: set[str] | None = None) -> dict[str, str]:
    """As a build does it: look, set aside, empty the folder, put back; what was found to stand."""
    standing = Standing(site, Standing(site, {}).noted(digests()))
    found = standing.look()
    standing.set_aside()
    for entry in site.iterdir():  # as MkDocs does it
        if not entry.name.startswith("."):
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    standing.put_back(set(found) if wanted is None else wanted)
    return found


def there(site: Path) -> set[str]:
    return {
        path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()
    } - {".hidden"}  # fmt: skip


def test_what_was_not_touched_stands(site: Path) -> None:
    assert rebuilt(site) == digests()
    assert there(site) == set(FILES)
    assert not (site / ASIDE).exists()
    assert (site / ".hidden").read_text() == "left alone"


def test_what_is_not_wanted_goes_with_its_folders(site: Path) -> None:
    rebuilt(site, {"cases/one/index.html"})
    assert there(site) == {"cases/one/index.html"}
    assert sorted(path.name for path in site.iterdir()) == [".hidden", "cases"]
    assert [path.name for path in (site / "cases/one").iterdir()] == ["index.html"]


def test_what_was_touched_does_not_stand(site: Path) -> None:
    known = Standing(site, {}).noted(digests())
    path = site / "a/b.txt"
    status = path.stat()
    path.write_text("5")  # as long as before, and its time is set back
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    (site / "cases/one/reply/e.txt").unlink()
    (site / "more.txt").write_text("not ours")
    (site / "link.txt").symlink_to(path)
    found = Standing(site, known).look()
    assert set(found) == {"index.html", "cases/one/index.html"}


def test_a_build_that_fails_leaves_everything(site: Path) -> None:
    standing = Standing(site, Standing(site, {}).noted(digests()))
    standing.look()
    standing.set_aside()
    assert there(site) == {f"{ASIDE}/{path}" for path in FILES}
    standing.restore()
    assert there(site) == set(FILES)


def test_what_a_build_that_was_cut_off_has_left_is_dropped(site: Path) -> None:
    (site / ASIDE / "cases").mkdir(parents=True)
    (site / ASIDE / "cases" / "old.html").write_text("old")
    rebuilt(site)
    assert there(site) == set(FILES)
    (site / ASIDE).mkdir()
    Standing(site, {}).look()  # after the cache was cleared
    assert not (site / ASIDE).exists()


def test_a_folder_that_nobody_knows_is_left_to_mkdocs(site: Path) -> None:
    standing = Standing(site, {})
    assert standing.look() == {}
    standing.set_aside()
    assert not (site / ASIDE).exists()
    standing.put_back(set())
    assert there(site) == set(FILES)


def test_a_site_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    standing = Standing(tmp_path / "none", {"a": "digest 1 2 3 4"})
    assert standing.look() == {}
    standing.set_aside()
    standing.put_back(set())
    standing.restore()
    assert not (tmp_path / "none").exists()
