"""The published site, built like its users do: strictly, with MkDocs and with ProperDocs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from abicase.memo import digest
from conftest import ROOT, SMALL, Run, previewed
from crawl import defects, read_site
from sites import SITE_URL as ADDRESS
from sites import built, copied

pytestmark = pytest.mark.slow

EXAMPLE = ROOT / "tests" / "example"
MARKUP = ("<script>", "{{", "{%", '"item:', "<!-- abicase:")
"""Texts that no page can show."""


def test_every_link_and_anchor_resolves(project: Path) -> None:
    assert defects(project / "site") == []


def test_styles_and_scripts_are_named_by_their_content(project: Path) -> None:
    home = (project / "site" / "index.html").read_text("utf-8")
    for name in ("assets/abicase.css", "assets/abicase.js", "assets/theme.css"):
        content = digest((project / "site" / name).read_bytes())
        assert f'"{name}?v={content[:8]}"' in home


def test_every_permalink_answers(project: Path, run: Run) -> None:
    """No address that was ever published is lost or removed from the ledger."""
    # A source archive has no history, and a shallow clone not all of it.
    asked = ["git", "-C", str(ROOT), "rev-parse", "--is-shallow-repository"]
    whole = subprocess.run(asked, capture_output=True, text=True, check=False).stdout == "false\n"
    history = ["--history"] if (ROOT / ".git").exists() and whole else []
    # On a branch, new items have no permalink yet.
    options = ["--allow-unpublished", *history]
    result = run("abicase", "links", "check", project / "site", *options, cwd=ROOT)
    assert result.returncode == 0, result.stdout
    assert re.fullmatch(r"All \d{4,} permalinks resolve\.\n", result.stdout)


def test_every_page_of_the_four_cases_is_there(project: Path) -> None:
    pages = set(read_site(project / "site"))
    for address in (
        "",
        "debate/",
        "method/",
        "onboarding/",
        "contributing/",
        "cases/",
        "cases/perf/",
        "cases/virtio/",
        "cases/lguest/",
        "cases/kvmtool/",
        "compare/",
        "compare/perf-vs-virtio/",
        "compare/perf-vs-kvmtool/",
        "compare/lguest-vs-virtio/",
        "compare/lguest-vs-kvmtool/",
        "patterns/",
        "axes/",
        "axes/iteration/",
        "claims/",
        "claims/frictionless-iteration/",
        "lessons/",
        "lessons/size-versioned-struct/",
    ):
        assert f"{address}index.html" in pages


def test_every_event_finding_and_source_has_its_anchor(project: Path) -> None:
    import yaml

    documents = read_site(project / "site")
    for path in (project / "casestudies" / "cases").glob("*.yml"):
        record = yaml.load(path.read_text("utf-8"), yaml.CBaseLoader)
        ids = documents[f"cases/{record['id']}/index.html"].ids
        for event in record["events"]:
            assert event["id"] in ids
        assert set(record["sources"]) <= set(ids)
        assert set(record["findings"]) <= set(ids)


def test_replies_are_on_their_pages_and_in_files(project: Path) -> None:
    site = project / "site"
    for page, file, address in (
        ("lessons/no-bitfields", "lessons/no-bitfields/reply.txt", "L/no-bitfields/"),
        ("claims/better-abis", "claims/better-abis/reply.txt", "C/better-abis/"),
        ("compare/perf-vs-virtio", "compare/perf-vs-virtio/reply.txt", "compare/perf-vs-virtio/"),
        ("cases/perf", "cases/perf/reply/attr-size.txt", "cases/perf/#attr-size"),
        ("cases/perf", "cases/perf/reply/iteration.txt", "cases/perf/#iteration"),
        ("patterns", "patterns/reply/late-review.txt", "S/late-review/"),
    ):
        reply = (site / file).read_text("utf-8")
        link = re.escape(f"https://casebook.example/sub/{address}")
        assert re.search(rf"{link} (# as of [-\d]+|\(as of [-\d]+\))\n\Z", reply), reply
        html = (site / page / "index.html").read_text("utf-8")
        assert f'href="{file.removeprefix(page + "/")}"' in html
        block = re.search(r'<pre class="ac-reply">(.*?)</pre>', html, re.DOTALL)
        if file.endswith("/reply.txt"):
            assert block is not None
            assert unescape(block[1]).strip() == reply.strip()


def test_nothing_unrendered_is_shown(project: Path) -> None:
    for path in (project / "site").rglob("*.html"):
        text = path.read_text("utf-8")
        body = text[text.index("<article") : text.index("</article>")] if "<article" in text else ""
        body = re.sub(r"(?s)<(pre|code)\b.*?</\1>", "", body)  # the reference is about markup
        for markup in MARKUP:
            assert markup not in body, f"{markup} in {path}"


def test_the_edit_button_leads_to_the_record(project: Path) -> None:
    documents = read_site(project / "site")
    base = "https://github.com/example/casebook/edit/main/"
    assert documents["cases/perf/index.html"].edit == base + "casestudies/cases/perf.yml"
    assert documents["axes/iteration/index.html"].edit == base + "casestudies/axes/iteration.yml"
    assert documents["method/index.html"].edit == base + "docs/method.md"
    assert documents["compare/index.html"].edit == ""


def test_search_finds_an_event_and_does_not_repeat_it(project: Path) -> None:
    index = json.loads((project / "site" / "search" / "search_index.json").read_text("utf-8"))
    places = [entry["location"] for entry in index["docs"]]
    assert "cases/virtio/#barrier-fix" in places
    assert not [place for place in places if place.startswith(("compare/", "axes/iteration"))]
    text = next(e["text"] for e in index["docs"] if e["location"] == "cases/virtio/#barrier-fix")
    sentence = re.sub(r"<[^>]*>", "", text)[:60]
    repeated = [
        e["location"] for e in index["docs"] if sentence in re.sub("<[^>]*>", "", e["text"])
    ]
    assert repeated == ["cases/virtio/#barrier-fix"]


def test_the_json_api_follows_its_schemas(project: Path) -> None:
    site = project / "site"
    documents = sorted((site / "api").rglob("*.json"))
    assert site / "api" / "v1" / "cases" / "perf.json" in documents
    for path in documents:
        document = json.loads(path.read_text("utf-8"))
        if path.parent.name == "schema":
            jsonschema.Draft202012Validator.check_schema(document)
            assert document["$id"] == ADDRESS + path.relative_to(site).as_posix()
        else:
            schema = path.parent / document["$schema"]
            jsonschema.validate(document, json.loads(schema.read_text("utf-8")))


def test_every_link_in_the_api_is_on_the_site(project: Path) -> None:
    documents = read_site(project / "site")
    links = json.loads((project / "site/api/v1/links.json").read_text("utf-8"))["links"]
    assert len(links) > 500
    for link in links:
        assert link["url"] == ADDRESS + link["path"]
        page, _, anchor = link["path"].partition("#")
        ids = documents[page + "index.html"].ids
        assert not anchor or anchor in ids, link["reference"]


def test_the_sitemap_and_the_feed_are_dated_by_the_records(project: Path) -> None:
    import yaml

    ledger = yaml.load(
        (project / "casestudies" / "permalinks.yml").read_text("utf-8"), yaml.CBaseLoader
    )
    reviewed = {
        ADDRESS + permalink["at"]: permalink.get("reworded", permalink["since"])
        for reference, permalink in ledger["permalinks"].items()
        if reference.startswith("lesson/") and "state" not in permalink
    }
    for path in (project / "casestudies" / "cases").glob("*.yml"):
        record = yaml.load(path.read_text("utf-8"), yaml.CBaseLoader)
        at = f"cases/{record['id']}/"
        on_page = (one for one in ledger["permalinks"].values() if one["at"].startswith(at))
        reworded = [one["reworded"] for one in on_page if "reworded" in one]
        reviewed[ADDRESS + at] = max([record["reviewed"], *reworded])
    site = project / "site"
    sitemap = ET.parse(site / "sitemap.xml").getroot()
    dates = {one[0].text or "": [part.text for part in one[1:]] for one in sitemap}
    assert {url: date for url, (date,) in ((u, d) for u, d in dates.items() if d)} == reviewed
    assert {ADDRESS, ADDRESS + "method/", ADDRESS + "claims/better-abis/"} <= set(dates)
    assert not [url for url in dates if "/compare/perf" in url], "pages that repeat others"
    assert not (site / "sitemap.xml.gz").exists(), "MkDocs writes the time of the build into it"
    feed = ET.parse(site / "feed.xml").getroot()
    atom = "{http://www.w3.org/2005/Atom}"
    entries = {one.findtext(f"{atom}id"): one for one in feed.iter(f"{atom}entry")}
    newest = sorted(reviewed.values(), reverse=True)[:50]
    assert sorted((reviewed[str(url)] for url in entries), reverse=True) == newest
    for url, entry in entries.items():
        assert entry.findtext(f"{atom}updated") == f"{reviewed[str(url)]}T00:00:00Z"


def test_a_pasted_link_unfolds_to_its_statement(project: Path) -> None:
    site = project / "site"
    for path in site.rglob("index.html"):
        head = path.read_text("utf-8").partition("</head>")[0]
        if path.parent in (site / "L", site / "C", site / "S"):
            continue  # lists without statements
        if '"robots" content="noindex"' in head and "is no longer here" in head:
            continue
        if path.relative_to(site).parts[0] in ("L", "C", "S"):
            assert head.count('"og:title"') == head.count('"og:description"') == 1
            continue
        for once in ('"og:title"', '"og:description"', '"og:url"', '"canonical"', "atom+xml"):
            assert head.count(once) == 1, f"{once} in {path}"
        url = ADDRESS + path.relative_to(site).as_posix().removesuffix("index.html")
        assert f'<meta property="og:url" content="{url}">' in head
    lesson = (site / "lessons/size-versioned-struct/index.html").read_text("utf-8")
    assert 'og:title" content="Give an extensible struct a size field">' in lesson
    assert 'og:description" content="Let the caller say how large its struct is,' in lesson
    short = (site / "L/size-versioned-struct/index.html").read_text("utf-8")
    assert 'og:description" content="Let the caller say how large its struct is,' in short
    claim = (site / "claims/better-abis/index.html").read_text("utf-8")
    assert re.search(
        r'og:description" content="[^"]*Evidence for: \d+ events; against: \d+\."', claim
    )


def test_a_case_says_how_to_cite_it(project: Path) -> None:
    text = (project / "site/cases/perf/index.html").read_text("utf-8")
    block = text[text.index('id="cite"') :]
    assert f"<code>{ADDRESS}cases/perf/</code>" in block
    assert f"url = {{{ADDRESS}cases/perf/}}," in block


def test_the_same_input_makes_the_same_bytes(project: Path, tmp_path: Path) -> None:
    """Build it three years later, in another folder, zone and language, with other file times."""
    copy = copied(tmp_path / "later" / "än other place")
    for path in copy.rglob("*"):
        os.utime(path, (0, 0))
    result = built(
        copy,
        PYTHONPATH=str(ROOT / "tests" / "later"),
        PYTHONHASHSEED="4711",
        TZ="Pacific/Kiritimati",
        LC_ALL="C",
        HOME=str(tmp_path),
    )
    assert result.returncode == 0, result.stderr
    assert "the record was reviewed 1" in result.stderr, "the day is another one"
    ours, theirs = (
        {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()}
        for site in (project / "site", copy / "site")
    )
    assert sorted(ours) == sorted(theirs)
    assert [str(name) for name in ours if ours[name] != theirs[name]] == []
    for name, content in ours.items():
        assert os.fsencode(project) not in content, name


def test_previous_and_next_follow_the_navigation(project: Path) -> None:
    text = (project / "site" / "cases" / "perf" / "index.html").read_text("utf-8")
    assert 'rel="next"' in text
    assert 'rel="prev"' in text


def test_properdocs_builds_the_same(tmp_path: Path) -> None:
    project = shutil.copytree(EXAMPLE, tmp_path / "project")
    for program, folder in (("mkdocs", project / "site"), ("properdocs", tmp_path / "site")):
        result = built(project, program, "--site-dir", str(folder))
        assert result.returncode == 0, result.stderr
    for path in sorted((project / "site").rglob("*")):
        if path.is_dir():
            continue
        other = tmp_path / "site" / path.relative_to(project / "site")
        theirs, ours = other.read_bytes(), path.read_bytes()
        if path.suffix == ".html":  # each one names itself as the generator
            theirs = re.sub(rb'<meta name="generator"[^>]*>', b"", theirs)
            ours = re.sub(rb'<meta name="generator"[^>]*>', b"", ours)
        assert theirs == ours, path


def test_addresses_without_folders_and_many_cases(tmp_path: Path) -> None:
    """Two options at once: sections with more pages than the limit are not in the navigation."""
    copy = copied(tmp_path / "project")
    config = copy / "mkdocs.yml"
    text = config.read_text("utf-8").replace("navigation_limit: 60", "navigation_limit: 3")
    config.write_text(f"{text}\nuse_directory_urls: false\n", encoding="utf-8")
    result = built(copy)
    assert result.returncode == 0, result.stderr
    assert (copy / "site" / "cases" / "perf.html").is_file()
    assert defects(copy / "site") == []
    page = (copy / "site" / "debate.html").read_text("utf-8")
    navigation = page[page.index("md-nav--primary") : page.index("md-content")]
    assert "cases/" in navigation
    assert "cases/perf.html" not in navigation


def test_a_record_with_a_problem_leaves_the_last_good_site(project: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(project, tmp_path / "project")
    before = {path: path.read_bytes() for path in (copy / "site").rglob("*") if path.is_file()}
    for name, old, new in (
        ("casestudies/cases/perf.yml", "reviewed:", "revued:"),
        ("casestudies/claims/better-abis.yml", "stance: for", "stance: fro"),
    ):
        path = copy / name
        path.write_text(path.read_text("utf-8").replace(old, new, 1), encoding="utf-8")
    result = built(copy)
    assert result.returncode == 1
    assert "casestudies/cases/perf.yml:" in result.stderr
    assert "did you mean 'reviewed'?" in result.stderr
    assert "casestudies/claims/better-abis.yml:" in result.stderr
    assert "did you mean 'for'?" in result.stderr
    assert "Traceback" not in result.stderr
    after = {path: path.read_bytes() for path in (copy / "site").rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "docs/index.md",
            "(case/theme-object#tried)",
            "(case/theme-object#tied)",
            "unknown-reference",
        ),
        ("docs/index.md", "abicase: matrix", "abicase: matrics", "there is no part 'matrics'"),
        ("mkdocs.yml", "abicase:lessons", "abicase:lesons", "there is no section 'lesons'"),
        ("mkdocs.yml", "records: records", "records: nowhere", "no folder of records"),
        ("mkdocs.yml", "templates: wording", "templates: nowhere", "no folder of templates"),
    ],
)
def test_what_is_wrong_with_the_pages(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    copy = shutil.copytree(EXAMPLE, tmp_path / "project")
    path = copy / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    (copy / "site").mkdir()
    (copy / "site" / "index.html").write_text("the last good site", encoding="utf-8")
    result = built(copy)
    assert result.returncode == 1
    assert message in result.stderr
    if file.startswith("docs/"):
        line = text[: text.index(old)].count("\n") + 1
        assert f"{file}:{line}:" in result.stderr
    assert "Traceback" not in result.stderr
    assert (copy / "site" / "index.html").read_text("utf-8") == "the last good site"


def test_two_pages_at_one_address_are_rejected(tmp_path: Path) -> None:
    copy = shutil.copytree(EXAMPLE, tmp_path / "project")
    (copy / "docs" / "cases" / "save-call").mkdir(parents=True)
    (copy / "docs" / "cases" / "save-call" / "index.md").write_text("# Mine\n", encoding="utf-8")
    result = built(copy)
    assert result.returncode == 1
    said = "'cases/save-call/index.md' and the generated 'cases/save-call.md' have the same address"
    assert said in result.stderr


def test_another_domain_with_another_theme(tmp_path: Path, run: Run) -> None:
    """The plugin with other records, without navigation, with MkDocs' own theme."""
    project = tmp_path / "teapot"
    shutil.copytree(SMALL, project / "records", ignore=shutil.ignore_patterns("*.md"))
    (project / "docs").mkdir()
    (project / "docs" / "index.md").write_text(
        "# Tea\n\n[pour](case/pour#first)\n\n<!-- abicase: matrix -->\n", encoding="utf-8"
    )
    (project / "docs" / "hidden.md").write_text(
        "---\nrobots: noindex\n---\n# Hidden\n", encoding="utf-8"
    )
    (project / "mkdocs.yml").write_text(
        "site_name: Tea\nsite_url: https://tea.example/\ntheme: mkdocs\nplugins: [abicase: {records: records}]\n",
        encoding="utf-8",
    )
    result = run("mkdocs", "build", "--strict", cwd=project)
    assert result.returncode == 0, result.stderr
    # MkDocs' own theme loads its highlighter from another host; the rest holds for every theme.
    assert [defect for defect in defects(project / "site") if "loads https://" not in defect] == []
    home = (project / "site" / "index.html").read_text("utf-8")
    for once in ('"og:title"', '"canonical"', "atom+xml"):
        assert home.count(once) == 1
    hidden = (project / "site" / "hidden" / "index.html").read_text("utf-8")
    assert '<meta name="robots" content="noindex">' in hidden
    sitemap = (project / "site" / "sitemap.xml").read_text("utf-8")
    assert "https://tea.example/cases/pour/" in sitemap
    assert "hidden" not in sitemap
    assert 'href="cases/pour/"' in home, "without a navigation of its own the site lists all pages"


def test_rendered_pages_build_without_the_plugin(tmp_path: Path, run: Run) -> None:
    """``abicase render`` writes plain Markdown for any generator that knows heading ids."""
    project = tmp_path / "plain"
    assert run("abicase", "render", project / "docs", "-r", SMALL).returncode == 0
    (project / "docs" / "index.md").write_text("# Home\n", encoding="utf-8")
    (project / "mkdocs.yml").write_text(
        "site_name: x\ntheme: {name: material, font: false}\nmarkdown_extensions: [attr_list]\n",
        encoding="utf-8",
    )
    result = run("mkdocs", "build", "--strict", cwd=project)
    assert result.returncode == 0, result.stderr
    assert defects(project / "site") == []


# Live preview


def fetched(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=60) as response:
            return str(response.read().decode("utf-8"))
    except (urllib.error.URLError, ConnectionError):
        return ""


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)


def test_the_preview_follows_and_survives(tmp_path: Path) -> None:
    project = shutil.copytree(ROOT / "tests" / "example", tmp_path / "project")
    record = project / "records" / "cases" / "save-call.yml"
    good = record.read_text("utf-8")
    title = re.findall(r"(?m)^title: (.*)$", good)[0]
    with previewed(project) as preview:
        address, printed = preview.address, preview.said
        page = address + "cases/save-call/"
        until(lambda: title in fetched(page))

        record.write_text(re.sub(r"kind: \w+", "kind: propsal", good, count=1), encoding="utf-8")
        until(lambda: "did you mean 'proposal'?" in printed())
        assert "Traceback" not in printed()
        assert title in fetched(page), "the last good site stays"

        own = project / "docs" / "cases" / "axis-names.md"
        own.parent.mkdir()
        own.write_text("# Mine\n", encoding="utf-8")
        record.write_text(good, encoding="utf-8")
        until(lambda: "have the same address" in printed())
        assert title in fetched(page), "still"
        own.unlink()

        record.write_text(re.sub(r"(?m)^title: .*$", "title: Another one", good), encoding="utf-8")
        until(lambda: "Another one" in fetched(page))

        hand = project / "docs" / "index.md"
        hand.write_text(hand.read_text("utf-8") + "\nA new line.\n", encoding="utf-8")
        until(lambda: "A new line." in fetched(address))
