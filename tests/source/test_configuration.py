"""The configuration of a site: what is read of it, and what is written for another generator."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from abicase.source.configuration import Configuration, ConfigurationError, read

WRITTEN = """\
site_name: !ENV [WHOSE_BOOK, "A book"]
theme: {name: material, features: [one]}
plugins:
  - search
  - abicase: {records: here}
nav: [index.md]
markdown_extensions:
  - emoji:
      index: !!python/name:twemoji
"""


def configuration(folder: Path, text: str = WRITTEN) -> Configuration:
    path = folder / "mkdocs.yml"
    path.write_text(text, encoding="utf-8")
    return read(path)


def test_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_ = configuration(tmp_path)
    assert read_.value("plugins", "abicase") == {"records": "here"}
    assert read_.value("plugins", "other", "x") is None
    for value, expected in (("7", 7), ("true", True), ("", None), ("Ours", "Ours")):
        monkeypatch.setenv("WHOSE_BOOK", value)
        assert read_.value("site_name") == expected
    monkeypatch.delenv("WHOSE_BOOK")
    assert read_.value("site_name") == "A book"
    with pytest.raises(
        ConfigurationError, match=r"mkdocs.yml:9:14: markdown_extensions: could not"
    ):
        read_.value("markdown_extensions")


@pytest.mark.parametrize(
    "plugins", ["[search, {abicase: {}}]", "[search, abicase]", "{search: {}, abicase: {}}"]
)
def test_another_generator_gets_it_without_the_plugin(plugins: str, tmp_path: Path) -> None:
    """Values that nobody asked for stay as they were, whatever their tags mean."""
    text = WRITTEN.replace("\n  - search\n  - abicase: {records: here}", f" {plugins}")
    values = {"theme": {"custom_dir": "theme"}, "nav": [{"A & b": "a.md"}], "extra": {"feed": "x"}}
    written = configuration(tmp_path, text).text(values, without_plugin="abicase")
    assert '!ENV [WHOSE_BOOK, "A book"]' in written
    assert "!!python/name:twemoji" in written
    held = yaml.safe_load(written.replace("!ENV ", "").replace("!!python/name:twemoji", ""))
    assert held["theme"] == {"name": "material", "features": ["one"], "custom_dir": "theme"}
    assert held["nav"] == [{"A & b": "a.md"}]
    assert held["plugins"] in (["search"], {"search": {}})
    assert list(held) == ["site_name", "theme", "plugins", "nav", "markdown_extensions", "extra"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [\n", r"mkdocs.yml:2:1: "),
        ("- a\n", r"mkdocs.yml:1:1: this is not a mapping"),
        ("", r"mkdocs.yml:1:1: this is not a mapping"),
        ("a: \x00\n", r"mkdocs.yml can't be read: "),
    ],
)
def test_what_is_no_configuration(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=message):
        configuration(tmp_path, text)
