"""``abicase headers``."""

from __future__ import annotations

from pathlib import Path

import click

from abicase.cli.ending import wrong_call
from abicase.cli.options import Command


@click.command(cls=Command)
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--for",
    "server",
    type=click.Choice(["plain", "nginx", "apache", "caddy", "netlify"]),
    default="plain",
    show_default=True,
    help="The server to print the configuration for; netlify prints a _headers file for Netlify and"
    " Cloudflare Pages.",
)
def headers(site: Path, server: str) -> None:
    """Print the headers that a web server should send with SITE, the folder of a built site.

    They harden the site, and tell browsers how long to cache which files. The content security
    policy allows inline scripts by their hashes, so print the headers again after each build.
    """
    from abicase.outputs import headers as making

    if not (site / "index.html").is_file():
        wrong_call(f"there is no index.html in {str(site)!r}; build the site first")
    try:
        found = making.headers(site)
    except making.NotAllowed as problem:
        raise click.ClickException(f"{problem}, which no content security policy allows") from None
    click.echo(making.as_text(found, server))  # type: ignore[arg-type]
