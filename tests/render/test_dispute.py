"""The way from a page to a dispute of one of its statements."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from abicase.render.renderer import Renderer
from abicase.schema.addresses import Site
from abicase.views.pages import pages
from conftest import SMALL, Run, loaded

FORM = "https://forge.example/new?template=dispute.yml&item={item}&revision={revision}"


def shown(site: Site, file: str) -> str:
    catalogue = loaded()
    page = next(page for page in pages(catalogue) if page.file == file)
    return Renderer(catalogue, site=site).page(page).markdown


def links(markdown: str) -> list[str]:
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend(value or "" for name, value in attrs if name == "href")

    text = re.search(r'<p class="ac-dispute.*', markdown)
    assert text
    Reader().feed(text[0])
    return found


def test_form_mail_and_guide_are_filled_in() -> None:
    site = Site("", True, "0123456789abcdef", "tea@example.org", FORM, "guide.md#dispute")
    form, mail, guide = links(shown(site, "cases/pour.md"))
    assert parse_qs(urlsplit(form).query) == {
        "template": ["dispute.yml"],
        "item": ["case/pour"],
        "revision": ["0123456789ab"],
    }
    address, _, rest = mail.partition("?")
    assert address == "mailto:tea@example.org"
    fields = dict(part.split("=", 1) for part in rest.split("&"))
    assert unquote(fields["subject"]) == "Dispute: case/pour at 0123456789ab"
    assert "case/pour\r\nRevision: 0123456789ab\r\n" in unquote(fields["body"])
    assert guide == "../../guide/#dispute"


def test_without_a_revision_the_day_of_the_review_counts() -> None:
    (mail,) = links(shown(Site(contact="tea@example.org"), "cases/pour.md"))
    assert "case/pour%20at%202024-05-06" in mail
    (mail,) = links(shown(Site(contact="tea@example.org"), "claims/faster.md"))
    assert "subject=Dispute%3A%20claim/faster&" in mail


def test_no_address_is_invented() -> None:
    assert "ac-dispute" not in shown(Site(), "cases/pour.md")
    assert links(shown(Site(dispute_guide="guide.md"), "cases/pour.md")) == ["../../guide/"]
    everything = Site("", True, "1", "tea@example.org", FORM, "guide.md")
    assert "ac-dispute" not in shown(everything, "claims/index.md"), "no record, no statement"


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("contact: nobody", "contact: 'nobody' is not a mail address"),
        ("contact: 'a@b.example?cc=c@d.example'", "is not a mail address"),
        ("dispute_form: javascript:alert(1)", "dispute_form: this is not an https address"),
        ("dispute_guide: nowhere.md#x", "dispute_guide: there is no page 'nowhere.md'"),
    ],
)
def test_what_is_wrong_with_the_options(
    tmp_path: Path, run: Run, option: str, message: str
) -> None:
    shutil.copytree(SMALL, tmp_path / "records", ignore=shutil.ignore_patterns("*.md"))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Tea\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(
        f"site_name: Tea\ntheme: mkdocs\nplugins:\n  - abicase:\n      records: records\n      {option}\n",
        encoding="utf-8",
    )
    result = run("mkdocs", "build", "--strict", cwd=tmp_path)
    assert result.returncode == 1
    assert message in result.stderr
    assert "Traceback" not in result.stderr
