"""`monitor review`: events in doubt and unknown names out as a sheet, filled sheets back in.

Thin around `review`; heavy libraries are imported inside. Added to the `monitor` command by `cli`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.command_line import DONE, DONE_WITH_REJECTS, AtOption, HomeOption, aware
from flows.settings import load_settings

review_app = typer.Typer(
    help="Let people decide what the coder is unsure of: a sheet for a spreadsheet, and back.", no_args_is_help=True
)


@review_app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="The CSV file to write; it must not be there yet.")],
    home: HomeOption = None,
) -> None:
    """Write the events in doubt and the names that the gazetteer does not know, to be filled in."""
    settings = load_settings(home)
    from flows.review import export_review

    events, names = export_review(file, settings)
    typer.echo(f"{file}: {events} events in doubt, {names} unknown names")


@review_app.command("import")
def take_in(
    file: Annotated[Path, typer.Argument(help="A sheet of `monitor review export`, filled in and saved as CSV UTF-8.")],
    home: HomeOption = None,
    at: AtOption = None,
) -> None:
    """Take in the decisions of a filled sheet, and publish the events that they make; exit code 1 with bad rows."""
    settings = load_settings(home)
    from flows.review import import_review

    done = import_review(file, settings, aware(at, settings))
    for bad in done.bad:
        typer.echo(f"monitor: {file}:{bad.line}: {bad.column}: {bad.problem}. {bad.cure}", err=True)
    typer.echo(f"{file}: {done.new} decisions taken in, {done.known} known already, {len(done.bad)} rows skipped")
    raise typer.Exit(DONE_WITH_REJECTS if done.bad else DONE)
