"""The commands under `monitor sources`: what the catalogue says, and what the outlets say to it.

Thin around the flows; heavy libraries are imported inside the commands. Added to the `monitor` command by `cli`.
"""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Table

from flows.command_line import HomeOption
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
