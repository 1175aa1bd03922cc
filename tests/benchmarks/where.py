"""Where the time of a build goes; run as ``python -m benchmarks.where`` in the folder of a site.

Each part is measured around the functions that do its work, without what they call of another
part. That reaches into MkDocs and its companions by name, as nothing but a benchmark should.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

spent: defaultdict[str, float] = defaultdict(float)
_open: list[str] = []
_since = time.process_time()


def _switch() -> None:
    global _since  # noqa: PLW0603 - one clock for all parts
    now = time.process_time()
    spent[_open[-1] if _open else "MkDocs"] += now - _since
    _since = now


def _timed(owner: Any, name: str, part: str) -> None:
    inner: Callable[..., Any] = getattr(owner, name)

    def timed(*args: Any, **kwargs: Any) -> Any:
        if _open and _open[-1].startswith("ours: ") and part == "theme":
            return inner(*args, **kwargs)  # ours use Jinja2 as well
        _switch()
        _open.append(part)
        try:
            return inner(*args, **kwargs)
        finally:
            _switch()
            _open.pop()

    setattr(owner, name, timed)


def main() -> None:
    """Build the site of the working folder, and print the seconds of each part as JSON."""
    import jinja2
    import markdown
    from material.plugins.search.plugin import SearchPlugin  # type: ignore[import-untyped]
    from mkdocs import utils
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.structure.files import File

    _timed(markdown.Markdown, "convert", "Markdown")
    _timed(markdown.Markdown, "__init__", "Markdown")
    _timed(jinja2.Environment, "get_template", "theme")
    _timed(jinja2.Template, "render", "theme")
    _timed(SearchPlugin, "on_page_context", "search")
    _timed(SearchPlugin, "on_post_build", "search")
    _timed(utils, "write_file", "writing")
    _timed(utils, "clean_directory", "writing")
    _timed(File, "copy_file", "writing")
    if "--ours" in sys.argv:
        from abicase import edition
        from abicase.mkdocs.plugin import AbicasePlugin
        from abicase.render import renderer as render

        for name in [name for name in vars(AbicasePlugin) if name.startswith("on_")]:
            _timed(AbicasePlugin, name, "ours")
        _timed(edition, "load", "ours: reading")
        _timed(render.Renderer, "page", "ours: templates")
        _timed(render.Renderer, "reply", "ours: replies")
        _timed(edition, "outputs", "ours: files for programs")
    begin = time.process_time()
    build(load_config())
    _switch()
    spent["start"] = begin
    print(json.dumps(dict(spent)))  # noqa: T201


if __name__ == "__main__":
    main()
