"""``abicase schema``."""

from __future__ import annotations

from pathlib import Path

import click

from abicase.cli.ending import wrong_call
from abicase.cli.options import Command


@click.command(cls=Command)
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
def schema(out: Path) -> None:
    """Write the JSON Schemas of the record format to the folder OUT, for editors.

    If the folder is called schema and is next to the folder of records, abicase new and abicase
    fmt begin each record with a line that tells editors its schema.
    """
    from abicase.schema import json_schema as schemas
    from abicase.source.reading import shown_path
    from abicase.source.writing import write_all

    kinds = list(schemas.names())
    try:
        write_all({out / f"{kind}.json": schemas.schema(kind) for kind in kinds})
    except OSError as error:
        wrong_call(f"{shown_path(out)} can't be written: {error.strerror}")
    click.echo(f"{len(kinds)} schemas written to {shown_path(out)}")
