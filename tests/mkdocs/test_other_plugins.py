"""Other plugins in the same build: their pages are expanded, and they run nothing in generated ones."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path

import pytest

from conftest import ROOT, Run
from test_prose import CODE

pytestmark = pytest.mark.slow

EXAMPLE = ROOT / "tests" / "example"
TEMPLATE = "A template says {{ 6 * 7 }} {% block x %} {# gone #}"


def example(target: Path, before: str = "", after: str = "", more: str = "") -> Path:
    """Copy the example, with plugins before and after ours, and more options."""
    shutil.copytree(EXAMPLE, target)
    config = target / "mkdocs.yml"
    text = config.read_text("utf-8")
    text = text.replace("  - search\n", f"  - search\n{before}")
    text = text.replace("markdown_extensions:", f"{after}markdown_extensions:")
    config.write_text(text + more, encoding="utf-8")
    return target


def edited(project: Path, pattern: str, text: str) -> None:
    """Change a text in the record of a case."""
    record = project / "records" / "cases" / "save-call.yml"
    before = record.read_text("utf-8")
    after = re.sub(pattern, lambda _: text, before, count=1, flags=re.MULTILINE)
    assert before != after
    record.write_text(after, encoding="utf-8")


def words(project: Path, page: str) -> str:
    """Return the words of a page of the site, on one line."""
    html = (project / "site" / page).read_text("utf-8")
    return " ".join(unescape(re.sub("<[^>]*>", "", html)).split())


@pytest.mark.parametrize(
    "plugins", [("  - macros\n", ""), ("", "  - macros\n")], ids=["before", "after"]
)
def test_a_record_is_no_template(tmp_path: Path, run: Run, plugins: tuple[str, str]) -> None:
    project = example(tmp_path / "p", *plugins)
    edited(project, "^title: .*$", f'title: "{TEMPLATE}"')
    edited(project, "^summary: .*$", f'summary: "{TEMPLATE}"')
    index = project / "docs" / "index.md"
    own = "\n\nOwn {{ 6 * 7 }}\n\n<!-- abicase: cases -->\n"
    index.write_text(index.read_text("utf-8") + own, encoding="utf-8")
    result = run("mkdocs", "build", "--strict", cwd=project)
    assert result.returncode == 0, result.stderr
    page = words(project, "cases/save-call/index.html")
    assert page.count(TEMPLATE) > 2, "the title and the summary"
    assert "Macro" not in page
    home = words(project, "index.html")
    assert "Own 42" in home, "the pages of the site are templates still"
    assert TEMPLATE in home


HOOK = """
from mkdocs.structure.files import File

def on_files(files, config):
    files.append(File.generated(config, "extra.md", content=TEXT))
    return files
"""


def test_pages_of_others_are_expanded(tmp_path: Path, run: Run) -> None:
    project = example(tmp_path / "p", more="\nhooks: [hook.py]\n")
    text = "# Extra\n\n[t](case/save-call)\n\n<!-- abicase: matrix -->\n"
    hook = project / "hook.py"
    hook.write_text(f"TEXT = {text!r}\n{HOOK}", encoding="utf-8")
    result = run("mkdocs", "build", "--strict", cwd=project)
    assert result.returncode == 0, result.stderr
    page = (project / "site" / "extra" / "index.html").read_text("utf-8")
    assert '<a href="../cases/save-call/">t</a>' in page
    assert "<table" in page

    hook.write_text(f"TEXT = {text.replace('save', 'saves')!r}\n{HOOK}", encoding="utf-8")
    result = run("mkdocs", "build", "--strict", cwd=project)
    assert result.returncode == 1
    said = "extra.md:3:3: error: unknown-reference: the link leads to 'case/saves-call', which does not exist (did you mean 'case/save-call'?)"
    assert result.stderr.count(said) == 1


def test_plugins_that_list_pages_see_ours(tmp_path: Path, run: Run) -> None:
    """Like redirects and link checkers, which can be before ours in the configuration."""
    project = example(tmp_path / "p", more="\nhooks: [hook.py]\n")
    (project / "hook.py").write_text(
        "from mkdocs.plugins import event_priority\n"
        "@event_priority(10)\n"
        "def on_files(files, config):\n"
        "    assert files.get_file_from_path('cases/save-call.md')\n",
        encoding="utf-8",
    )
    result = run("mkdocs", "build", "--strict", cwd=project)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("plugin", ["tags", "blog", "offline"])
def test_plugins_of_the_theme(tmp_path: Path, run: Run, plugin: str) -> None:
    project = example(tmp_path / "p", f"  - {plugin}\n")
    posts = project / "docs" / "blog" / "posts"
    posts.mkdir(parents=True)
    index = project / "docs" / "index.md"
    index.write_text(f"---\ntags: [one]\n---\n{index.read_text('utf-8')}", encoding="utf-8")
    (posts.parent / "index.md").write_text("# Blog\n", encoding="utf-8")
    post = "---\ndate: 2024-01-01\n---\n# Post\n\n[t](case/save-call)\n\n<!-- abicase: matrix -->\n"
    (posts / "one.md").write_text(post, encoding="utf-8")
    result = run("mkdocs", "build", "--strict", cwd=project)
    assert result.returncode == 0, result.stderr
    case = "cases/save-call.html" if plugin == "offline" else "cases/save-call/index.html"
    assert "save()" in words(project, case)
    if plugin == "blog":
        page = (project / "site/blog/2024/01/01/post/index.html").read_text("utf-8")
        assert '<a href="../../../../../cases/save-call/">t</a>' in page
        assert "<table" in page
    if plugin == "tags":
        assert "one" in words(project, "index.html")


@pytest.mark.parametrize("theme", ["material", "mkdocs", "readthedocs"])
def test_code_in_a_record_is_shown_as_it_was_written(tmp_path: Path, run: Run, theme: str) -> None:
    project = example(tmp_path / "p")
    config = project / "mkdocs.yml"
    text = config.read_text("utf-8")
    config.write_text(text.replace("name: material\n  font: false", f"name: {theme}"), "utf-8")
    lines = "".join(f"  {line}\n" for line in f"It is:\n```c\n{CODE}```".split("\n"))
    edited(project, "^summary: .*\n", f"summary: |-\n{lines}")
    assert run("abicase", "check", "-r", "records", cwd=project).stdout == "No problems.\n"
    result = run("mkdocs", "build", "--strict", cwd=project)
    assert result.returncode == 0, result.stderr
    page = (project / "site" / "cases" / "save-call" / "index.html").read_text("utf-8")
    block = re.search(
        r'<div class="highlight"><pre><code class="language-c">(.*?)</code></pre>', page, re.DOTALL
    )
    assert block, "highlighted"
    assert unescape(re.sub("<[^>]*>", "", block[1])) == CODE
    mail = run("abicase", "cite", "-r", "records", "case/save-call", cwd=project).stdout
    assert mail.startswith(
        "The case of save(): It is:\n\n" + "".join(f"    {line}\n" for line in CODE.splitlines())
    )

    assert run("abicase", "render", "-r", "records", "out", cwd=project).returncode == 0
    plain = (project / "out" / "cases" / "save-call.md").read_text("utf-8")
    block = re.search(r'<pre><code class="language-c">(.*?)</code></pre>', plain, re.DOTALL)
    assert block, "other site generators bring highlighters of their own"
    assert unescape(block[1]) == CODE
