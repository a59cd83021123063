"""The commands under `monitor sources`: what the catalogue says, and what the outlets say to it.

Thin around the flows; heavy libraries are imported inside the commands. Added to the `monitor` command by `cli`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.command_line import (
    DONE,
    DONE_WITH_REJECTS,
    AtOption,
    HomeOption,
    RecordingOption,
    aware,
    settings_for,
    showing_progress,
)
from flows.settings import load_settings

sources_app = typer.Typer(help="List, check, find and repair the outlets and their feeds.", no_args_is_help=True)


@sources_app.command("list")
def list_sources(home: HomeOption = None) -> None:
    """List the outlets of the catalogue, or say what is wrong in it."""
    settings = load_settings(home)
    from sources.catalogue import load_catalogue

    table = Table("outlet", "country", "languages", "kind", "state-owned", "feeds", "address confirmed")
    for outlet in load_catalogue(settings.catalogue):
        owned = {True: "yes", False: "no", None: "unknown"}[outlet.is_state_owned]
        confirmed = "; ".join(dict.fromkeys(feed.confirmation for feed in outlet.feeds)) or "no feed known"
        table.add_row(
            outlet.name,
            outlet.country,
            " ".join(outlet.languages),
            outlet.kind,
            owned,
            str(len(outlet.feeds)),
            confirmed,
        )
    Console().print(table)


@sources_app.command()
def check(
    outlets: Annotated[list[str] | None, typer.Argument(metavar="[ID]…", help="Outlets. [default: all]")] = None,
    home: HomeOption = None,
    recording: RecordingOption = None,
    at: AtOption = None,
    plain: Annotated[bool, typer.Option("--plain", help="Tab-separated lines with a header, for programs.")] = False,
) -> None:
    """Ask each feed once and say how it is; exit code 1 when one is not well. Stores nothing but captures."""
    settings = settings_for(home, recording)
    from flows.checking import COLUMNS, PLAIN_COLUMNS, check_sources, plain_row, remarks_on, row_of

    with showing_progress():
        checks = check_sources(settings, outlets or (), aware(at, settings))
    if plain:
        typer.echo("\n".join(["\t".join(PLAIN_COLUMNS), *map(plain_row, checks)]))
    else:
        table = Table(*COLUMNS)
        for one in checks:
            table.add_row(*map(Text, row_of(one, settings)), style="" if one.is_well else "red")
        _print_wide(table)
        for remark in remarks_on(checks):
            typer.echo(remark)
    raise typer.Exit(DONE if all(one.is_well for one in checks) else DONE_WITH_REJECTS)


@sources_app.command()
def find(
    url: Annotated[str, typer.Argument(help="A site's front page, its page of feeds, or a feed.")],
    home: HomeOption = None,
    recording: RecordingOption = None,
    at: AtOption = None,
) -> None:
    """Find a site's feeds and print an entry for the catalogue; exit code 1 when it has none."""
    settings = settings_for(home, recording)
    from flows.finding import find_sources

    with showing_progress() as console:
        found = find_sources(settings, url, aware(at, settings))
    for one in found.tried:
        words = f"{one.parsed.outcome.replace('_', ' ')}  {one.candidate.url}  ({one.candidate.evidence})"
        console.print(words, highlight=False, markup=False, soft_wrap=True)
    if found.toml is None:
        lines = ["No new feed was found.", *found.remarks]
        console.print(*lines, sep="\n", highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(DONE_WITH_REJECTS)
    typer.echo(found.toml, nl=False)


@sources_app.command()
def propose(home: HomeOption = None, at: AtOption = None) -> None:
    """Print the edits of the catalogue that past answers propose, as a diff; exit code 1 when there are any.

    Feeds that have moved for good get their new address, dead ones a note. Nothing is changed.
    """
    settings = settings_for(home)
    from flows.proposing import propose_from_published

    proposal = propose_from_published(settings, aware(at, settings) or datetime.now(UTC))
    for reason in proposal.reasons:
        typer.echo(reason, err=True)
    for reason in proposal.by_hand:
        typer.echo(f"{reason}; by hand: no line of the catalogue can simply be changed to that", err=True)
    typer.echo(proposal.diff, nl=False)
    raise typer.Exit(DONE_WITH_REJECTS if proposal.reasons or proposal.by_hand else DONE)


def _print_wide(table: Table) -> None:
    """Print a table, at its full width where nobody's screen sets one."""
    console = Console()
    console.print(table) if console.is_terminal else Console(width=160).print(table)
