"""``abicase completion``."""

from __future__ import annotations

import click

from abicase.cli.options import Command


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell for this command.

    For bash, write it to ~/.local/share/bash-completion/completions/abicase; for zsh, to a file
    _abicase in a folder of $fpath; for fish, to ~/.config/fish/completions/abicase.fish. It
    completes commands, options, the ids of records and problem codes.
    """
    from click.shell_completion import get_completion_class

    root = context.find_root()
    class_ = get_completion_class(shell)
    assert class_ is not None
    # The name from pyproject.toml, even if it was called by another one.
    click.echo(class_(root.command, {}, "abicase", "_ABICASE_COMPLETE").source())
