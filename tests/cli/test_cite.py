"""Replies: text to paste into a review, as mail, Markdown or a link."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from markdown import Markdown

from abicase.catalogue.model import Catalogue
from abicase.outputs.files import outputs
from abicase.render.renderer import Renderer, ReplyForm, TemplateProblem
from abicase.schema.addresses import Site, reply_file, root_of_site
from abicase.text.plaintext import WIDTH, as_ascii
from abicase.views.pages import pages
from abicase.views.replies import CITED
from conftest import SMALL, Run, loaded, real
from rulebook import add_rules

SITE = Site("https://casebook.example/")


def replies(catalogue: Catalogue, form: ReplyForm = "mail") -> dict[str, str]:
    renderer = Renderer(catalogue, site=SITE)
    return {
        reference: renderer.reply(item, form)
        for reference, item in catalogue.items.items()
        if item.kind in CITED
    }


@pytest.mark.parametrize("form", ["mail", "markdown"])
def test_golden_replies(form: ReplyForm) -> None:
    """``small/replies.*.txt`` contain every reply of the small casebook."""
    path = SMALL / f"replies.{form}.txt"
    text = "".join(
        f"=== {reference}\n{reply}" for reference, reply in replies(loaded(SMALL), form).items()
    )
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_every_item_of_the_real_book_has_a_reply_fit_for_a_mail() -> None:
    catalogue = real()
    made = replies(catalogue)
    kinds = [catalogue.items[reference].kind for reference in made]
    assert set(kinds) == set(CITED)
    assert len(made) > 700
    exact = {
        sign
        for case in catalogue.cases.values()
        for source in case.sources.values()
        for sign in getattr(source, "subject", "")
    }
    for reference, text in made.items():
        lines = text.removesuffix("\n").split("\n")
        address, day = SITE.cited(catalogue.items[reference]), catalogue.ledger.as_of(reference)
        dated = [f"Link: {address} # as of {day}", f"{address} (as of {day})"]
        assert lines[-1] in (dated if day else [f"Link: {address}", address]), reference
        assert lines[-2] == "" or lines[-2].startswith("See "), reference
        assert len(lines) >= 3, reference
        assert "\n\n\n" not in text, reference
        for line in lines:
            assert line == line.rstrip(), reference
            assert not [sign for sign in set(line) - exact if as_ascii(sign) != sign], line
            whole = re.fullmatch(
                r'(  )?(Link: )?https://\S+( (# )?\(?as of \S+)?|  (commit )?[0-9a-f]{12} \(".+"\).*|  \S+ at \S+.*',
                line,
            )
            assert len(line) <= WIDTH or whole, (reference, line)
        # Besides the address of the item there is at least one thing to follow.
        evidence = catalogue.evidence.get(reference)
        rests = evidence is not None and (evidence.speaking_for or evidence.speaking_against)
        if catalogue.items[reference].kind == "event" or rests:
            proof = r'(?m)^(See |  (Link: https://\S+|(commit )?[0-9a-f]{12} \("|\S+ at \S+|measured in ))'
            assert re.search(proof, text), reference


def test_commits_and_mails_are_cited_by_the_rule() -> None:
    made = replies(real())
    assert (
        '\n  974802eaa1af ("perf_counter: Add forward/backward attribute ABI compatibility")\n'
    ) in made["case/perf#attr-size"]
    assert re.search(
        r"(?m)^  Link: https://lore\.kernel\.org/r/[^\s<>]+@[^\s<>]+$",
        made["case/bpf#dev-bpf-opposed"],
    )
    assert re.search(
        r'(?m)^  [0-9a-f]{12} \(".+"\) in libgpiod\n  Link: https://github\.com/',
        made["case/gpio#library-v2"],
    ), "a commit that the default repository does not have comes with its address"


def test_the_same_records_make_the_same_replies() -> None:
    assert replies(loaded(SMALL)) == replies(loaded(SMALL))


def test_no_reply_cites_a_thing_twice() -> None:
    for reference, text in replies(real()).items():
        proofs = re.findall(r"(?m)^  (?:[0-9a-f]{12} |Link: ).*$", text)
        assert len(proofs) == len(set(proofs)), reference


FORGED = [
    '"), Link: evil',
    'x") https://evil.example ("y',
    "Reviewed-by: Nobody <n@example.org>",
    "a " * 30 + "Link: https://evil.example/ Acked-by: N <n@example.org>",
    "</pre><script>alert(1)</script>",
    '" onclick="x',
    "![x](https://evil.example/x.png) [l](javascript:x) `c` *b*",
    "{{ 7*7 }} {% raw %}",
    "&#10;&lt;x&gt;",
    "From nobody",
    "--8<-- 'mkdocs.yml'",
]


@pytest.mark.parametrize("text", FORGED)
def test_nothing_in_a_record_forges_a_line(text: str, book: Path) -> None:
    lesson, case = book / "lessons" / "name-the-unit.yml", book / "cases" / "pour.yml"
    quoted = "'" + text.replace("'", "''").strip()[:119] + "'"
    record = lesson.read_text("utf-8").replace("title: Name the unit", f"title: {quoted}")
    lesson.write_text(record, encoding="utf-8")
    record = case.read_text("utf-8").replace('subject: "pour: add it"', f"subject: {quoted}")
    record = record.replace("title: The parameter gets a unit", f"title: {quoted}")
    case.write_text(record, encoding="utf-8")
    catalogue = loaded(book)
    mail = replies(catalogue)["lesson/name-the-unit"]
    ours = (
        "  Link: https://blog.example.org/steep",
        "  Link: https://lists.example.org/r/20200701.1234@example.org",
    )
    for line in mail.split("\n"):
        assert line in ours or not re.match(r"(?: {2,})?[\w-]+:(?!//)|>|From |--", line), line
    assert mail.count("\n  0123456789ab (") == 1
    html = Markdown(extensions=["attr_list"]).convert(
        replies(catalogue, "markdown")["lesson/name-the-unit"]
    )
    assert not re.findall(r"<(?!/?(?:p|ul|li|strong|a|em)\b)", html)
    assert "evil.example" not in "".join(re.findall(r'(?:href|src)="([^"]*)"', html))

    renderer = Renderer(catalogue, site=SITE)
    page = next(page for page in pages(catalogue) if page.record == "lesson/name-the-unit")
    made = renderer.page(page).markdown.split("---\n", 2)[2]
    from html.parser import HTMLParser

    given: dict[str, str | None] = {}

    class Reader(HTMLParser):
        depth = 0
        text = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag != "script"
            assert self.depth == 0 or tag == "pre", "nothing but text in the block"
            assert not [name for name, _ in attrs if name.startswith("on")]
            if ("class", "ac-cite") in attrs:
                given.update(attrs)
            if ("class", "ac-reply") in attrs:
                self.depth = 1

        def handle_endtag(self, tag: str) -> None:
            if tag == "pre":
                self.depth = 0

        def handle_data(self, data: str) -> None:
            self.text += data * self.depth

    reader = Reader()
    reader.feed(Markdown(extensions=["attr_list"]).convert(made))
    assert reader.text.strip() == mail.strip()
    assert given["data-ac-link"] == "https://casebook.example/L/name-the-unit/"
    assert given["data-ac-markdown"] == renderer.reply(
        catalogue.items["lesson/name-the-unit"], "markdown"
    )


def test_files_lie_beside_the_pages() -> None:
    catalogue = loaded(SMALL)
    made = {output.file: output.text for output in outputs(catalogue, Renderer(catalogue))}
    for reference, file in (
        ("lesson/name-the-unit", "lessons/name-the-unit/reply.txt"),
        ("claim/faster", "claims/faster/reply.txt"),
        ("pair/pour-vs-steep", "compare/pour-vs-steep/reply.txt"),
        ("stage/try-it", "patterns/reply/try-it.txt"),
        ("case/pour", "cases/pour/reply.txt"),
        ("case/pour#first", "cases/pour/reply/first.txt"),
        ("case/pour#speed", "cases/pour/reply/speed.txt"),
    ):
        assert reply_file(catalogue.items[reference]) == file
        assert made[file] == Renderer(catalogue).reply(catalogue.items[reference])


def test_a_site_words_its_own_replies(tmp_path: Path) -> None:
    (tmp_path / "reply.txt.jinja").write_text("Siehe {{ reply.link }}\n", encoding="utf-8")
    catalogue = loaded(SMALL)
    item = catalogue.items["claim/faster"]
    renderer = Renderer(catalogue, tmp_path, SITE)
    assert renderer.reply(item) == "Siehe https://casebook.example/C/faster/\n"
    assert renderer.reply(item, "markdown") == Renderer(catalogue, site=SITE).reply(
        item, "markdown"
    )
    (tmp_path / "reply.txt.jinja").write_text("{{ reply.nothing }}", encoding="utf-8")
    with pytest.raises(TemplateProblem, match=r"reply\.txt\.jinja:1: "):
        Renderer(catalogue, tmp_path).reply(item)


def test_root_of_site() -> None:
    assert root_of_site(None, "", "https://x.example/a") == "https://x.example/a/"
    assert root_of_site("https://x.example/", "https://y.example/") == "https://x.example/"
    assert root_of_site(None) == ""


# The command


def test_the_command_cites(book: Path, run: Run) -> None:
    result = run("abicase", "cite", "lesson/name-the-unit", cwd=book)
    assert result.returncode == 0
    assert result.stdout == Renderer(loaded(SMALL)).reply(
        loaded(SMALL).items["lesson/name-the-unit"]
    )
    assert "set SITE_URL, use --site-url, set published_at in casebook.yml" in result.stderr


@pytest.mark.parametrize(
    "item",
    [
        "case/pour#unit-named",
        "unit-named",
        "https://tea.example/book/cases/pour/#unit-named",
        "http://127.0.0.1:8000/cases/pour.html#unit-named",
        "https://tea.example/book/cases/pour/reply/unit-named.txt",
        "/cases/pour/#unit-named",
    ],
)
def test_an_item_is_named_in_several_ways(item: str, book: Path, run: Run) -> None:
    arguments = ("--site-url", "https://tea.example/book", "--format", "link")
    result = run("abicase", "cite", item, *arguments, cwd=book)
    assert (result.stdout, result.stderr) == (
        "https://tea.example/book/cases/pour/#unit-named\n",
        "",
    )


def test_where_the_site_is_published(book: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*arguments: str) -> str:
        result = run("abicase", "cite", "claim/faster", "-f", "link", *arguments, cwd=book)
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()

    assert link() == "/C/faster/"
    with (book / "casebook.yml").open("a", encoding="utf-8") as file:
        file.write("published_at: https://record.example/tea\n")
    assert link() == "https://record.example/tea/C/faster/"
    monkeypatch.setenv("SITE_URL", "https://environment.example/")
    assert link() == "https://environment.example/C/faster/"
    assert link("--site-url", "https://option.example") == "https://option.example/C/faster/"
    out = book.parent / "out"
    assert run("abicase", "render", out, "--records", book).returncode == 0
    reply = (out / "claims" / "faster" / "reply.txt").read_text("utf-8")
    assert reply.endswith("\nhttps://environment.example/C/faster/\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lesson/name-the-units"], "there is no item 'lesson/name-the-units' (did you mean "),
        (["name-unit"], "did you mean 'lesson/name-the-unit'?"),
        (["speed"], "'speed' is the id of more than one item: case/pour#speed, case/steep#speed"),
        (["xyzzy"], "(abicase find searches by words)"),
        (["axis/speed"], "there is no reply for 'axis/speed': only lesson, claim,"),
        (["https://tea.example/nowhere/"], "there is no item at 'https://tea.example/nowhere/'"),
        (["claim/faster", "--site-url", "javascript:x"], "is not a web address"),
        (["claim/faster", "--format", "html"], "'html' is not one of"),
        ([], "Missing argument 'ITEM...'"),
    ],
)
def test_wrong_calls(arguments: list[str], message: str, book: Path, run: Run) -> None:
    result = run("abicase", "cite", *arguments, cwd=book)
    assert result.returncode == 2
    assert message in " ".join(result.stderr.split())
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


RULE = """\
Please pass the time in milliseconds, and say so in the name of the
parameter, as all of the other functions of this library do. Otherwise
callers guess the unit.

pour(), v1.0: The parameter gets a unit
  commit 0123456789ab ("pour: add it")
Dates are another matter.

See docs/api/units.md
Link: https://tea.example/L/rule/
"""


def test_a_reply_that_was_written_by_hand(book: Path, run: Run) -> None:
    add_rules(book)
    assert run("abicase", "check", cwd=book).stdout == "No problems.\n"
    assert run("abicase", "fmt", "--check", "lessons/rule.yml", cwd=book).returncode == 0
    site = ("--site-url", "https://tea.example/")
    assert run("abicase", "cite", "lesson/rule", *site, cwd=book).stdout == RULE
    markdown = run("abicase", "cite", "lesson/rule", "-f", "markdown", *site, cwd=book).stdout
    assert "[0123456789ab](https://git.example.org/teapot/commit/0123456789abcdef" in markdown
    assert "See [docs/api/units.md](https://docs.example.org/api/units/)" in markdown
    assert markdown.endswith("\n\n<https://tea.example/L/rule/>\n")
    plain = run("abicase", "cite", "lesson/documented", *site, cwd=book).stdout
    assert plain.startswith("Announce the unit. Say which unit it is."), "made from its texts"


def test_precedents_are_mainline_commits_and_mails_in_the_archive() -> None:
    made = replies(real())
    for id_ in real().lessons:
        text = made[f"lesson/{id_}"]
        assert " in " not in "".join(re.findall(r'(?m)^  commit .*"\)(.*)$', text)), id_
        for link in re.findall(r"(?m)^  Link: (\S+)$", text):
            assert link.startswith("https://lore.kernel.org/r/"), id_


def test_a_precedent_can_be_a_mail(book: Path, run: Run) -> None:
    lesson = add_rules(book) / "lessons" / "rule.yml"
    text = lesson.read_text("utf-8").replace("#unit-named", "#doubt")
    lesson.write_text(text, encoding="utf-8")
    said = run("abicase", "cite", "lesson/rule", cwd=book)
    assert "pour(), 2020-07-01: A caller doubts it\n  Link: https://lists.example.org/r/" in (
        said.stdout
    )
    assert said.stdout.endswith("Link: /L/rule/\n")
    assert said.stderr.count("SITE_URL") == 1, "says how to set the address, once"
