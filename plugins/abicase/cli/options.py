"""Strict commands, and options that several commands share."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from abicase.cli import settings
from abicase.cli.ending import wrong_call
from abicase.source.folders import DEFAULT_RECORDS


class Command(click.Command):
    """A command that rejects a second value for an option that takes one.

    Click would silently use the last one.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments of a call."""
        _, _, given = self.make_parser(ctx).parse_args(args=list(args))
        asks_for_help = any(parameter.is_eager for parameter in given)
        for parameter in () if asks_for_help or ctx.resilient_parsing else given:
            single = isinstance(parameter, click.Option) and not (
                parameter.multiple or parameter.is_flag
            )
            if single and given.count(parameter) > 1:
                ctx.fail(f"{parameter.opts[0]} takes one value, but is given twice")
        return super().parse_args(ctx, args)


class CommandGroup(click.Group):
    """A group of such commands."""

    command_class = Command
    group_class = type


records_option = click.option(
    "--records",
    "-r",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"The folder of records.  [default: the folder of PATH, {settings.RECORDS_VARIABLE},"
    f" the one in mkdocs.yml, ./{DEFAULT_RECORDS}, or the one in the settings]",
)


format_option = click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="text for people, json for other tools, or github for annotations on a pull request.",
)


templates_option = click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder whose templates replace those with the same names.",
)


def _web_address(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    if not text:
        return text
    from abicase.schema.addresses import what_is_wrong

    wrong = what_is_wrong(text)
    if wrong:
        raise click.BadParameter(wrong)
    return text


site_url_option = click.option(
    "--site-url",
    envvar="SITE_URL",
    show_envvar=True,
    callback=_web_address,
    help="The address of the published site.  [default: published_at in casebook.yml]",
)


site_option = click.option(
    "--site",
    metavar="URL",
    callback=_web_address,
    help="Read what is published there instead of records.  [default: if there are no records, the"
    " site that your settings name]",
)


no_cache_option = click.option(
    "--no-cache", is_flag=True, help="Don't reuse results of earlier runs, or keep new ones."
)


def today() -> datetime.date:
    """Return the day that counts as today."""
    return datetime.datetime.now(datetime.UTC).date()


def checked_id(text: str) -> str:
    """Return a given id, or exit with 2 and a suggestion."""
    from pydantic import TypeAdapter, ValidationError

    from abicase.schema.fields import Id
    from abicase.schema.items import RESERVED

    try:
        TypeAdapter(Id).validate_python(text)
    except ValidationError as error:
        context = error.errors()[0]["ctx"]
        wrong_call(context["message"] + (f" ({context['hint']})" if context["hint"] else ""))
    if text in RESERVED:
        reserved = ", ".join(sorted(RESERVED))
        wrong_call(f"the id {text!r} is reserved for pages (the reserved ids are {reserved})")
    return text


def checked_title(text: str) -> str:
    """Return a title without blanks around it, or exit with 2 if it is not a single line."""
    if not text.strip() or not text.isprintable():
        wrong_call("the title must be a single line of text")
    return text.strip()


def clone_of(text: str) -> tuple[str, Path]:
    """Return the repository and the clone that ``--git`` names, or exit with 2.

    Args:
        text: ``REPOSITORY=PATH``, or only the repository if the settings name its clone.
    """
    repository, equals, path = text.partition("=")
    if repository and path:
        return repository, Path(path)
    if equals or repository not in (clones := settings.clones()):
        more = "" if equals else ", and no settings name a clone of it"
        wrong_call(f"{text!r} is not of the form REPOSITORY=PATH{more}")
    return repository, Path(clones[repository].value)
