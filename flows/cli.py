"""The `monitor` command: one function a verb, thin around the flows.

Heavy libraries are imported inside the commands, so that `monitor --help` answers at once. Exit codes: 0 done, 1 done
with rejects, 2 wrong use or settings, 3 failed, 75 busy, try later.
"""

from __future__ import annotations

import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from codebook.files import FileError
from flows.coding_cli import evaluate
from flows.command_line import (
    BUSY,
    DONE,
    DONE_WITH_REJECTS,
    FAILED,
    WRONG_USE,
    AtOption,
    HomeOption,
    RecordingOption,
    aware,
    settings_for,
    showing_progress,
)
from flows.home import Busy, RunFailed, make_home
from flows.review_cli import review_app
from flows.settings import Settings, SettingsError, load_settings, prepare_prefect
from flows.sources_cli import sources_app
from flows.summary import summary_table

# Errors of the rooms that the user can mend; named, because importing their modules here would load the libraries.
MENDABLE = frozenset({"RecordingError", "NewerWarehouseError"})

app = typer.Typer(
    name="monitor",
    help="Finds media-cooperation events of Central Asia and its partners, every night, with evidence.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(sources_app, name="sources")
app.add_typer(review_app, name="review")
app.command()(evaluate)


def main() -> None:
    """Run the command; turn what the user can mend into words and an exit code."""
    try:
        app()
    except (FileError, SettingsError) as error:
        _leave(WRONG_USE, str(error))
    except Busy as error:
        _leave(BUSY, f"busy: {error}")
    except RunFailed as error:
        _leave(FAILED, f"failed: {error}")
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not look like a run with rejects (exit code 1)
        if type(error).__name__ in MENDABLE:
            _leave(WRONG_USE, str(error))
        traceback.print_exc()
        _leave(FAILED, "a bug, or a machine in trouble: the lines above say where; please report them")


def _leave(code: int, words: str) -> NoReturn:
    """End the command with words on standard error."""
    Console(stderr=True, soft_wrap=True).print(f"monitor: {words}", style="red", highlight=False)
    sys.exit(code)


@app.command()
def nightly(home: HomeOption = None, recording: RecordingOption = None, at: AtOption = None) -> None:
    """Do a night's work: poll feeds, fetch pages, code events, check, store, publish."""
    settings = _settings(home, recording)
    from flows.nightly import nightly as flow

    started = time.monotonic()
    with showing_progress() as console:
        summary = flow(home=str(settings.home), recording=_text(settings.recording), at=aware(at, settings))
    console.print(summary_table(flow.name, summary, time.monotonic() - started))
    raise typer.Exit(DONE_WITH_REJECTS if summary["rejects"] else DONE)


@app.command()
def poll(home: HomeOption = None, recording: RecordingOption = None, at: AtOption = None) -> None:
    """Poll the feeds that are due, between two nights, so that no item rolls out unseen."""
    settings = _settings(home, recording)
    from flows.poll import poll as flow

    started = time.monotonic()
    with showing_progress() as console:
        summary = flow(home=str(settings.home), recording=_text(settings.recording), at=aware(at, settings))
    console.print(summary_table(flow.name, summary, time.monotonic() - started))
    raise typer.Exit(DONE_WITH_REJECTS if summary["rejects"] else DONE)


@app.command()
def weekly(
    home: HomeOption = None,
    week: Annotated[str | None, typer.Option(help="The ISO week, as 2026-W47. [default: the last whole week]")] = None,
) -> None:
    """Publish a week: aggregate tables, report, exports."""
    settings = _settings(home)
    _check_week(week)
    from flows.weekly import weekly as flow

    with showing_progress() as console:
        summary = flow(home=str(settings.home), week=week)
    _print_summary(console, summary)


@app.command()
def replay(
    recording: Annotated[Path, typer.Argument(help="A recording: a folder with index.jsonl, or WARC files.")],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first night, as 2025-09-16.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last night.")],
    home: HomeOption = None,
) -> None:
    """Run every night from --from to --to on a recording, and each week that ends in between."""
    settings = _settings(home, recording)
    if last < first:
        raise SettingsError(f"--to: {last:%Y-%m-%d} lies before --from {first:%Y-%m-%d}. Exchange them.")
    from flows.replay import replay_nights

    with showing_progress(is_brief=True) as console:
        outcome = replay_nights(settings, first.date(), last.date())
    outcome.print_to(console)
    raise typer.Exit(DONE_WITH_REJECTS if outcome.rejects else DONE)


@app.command()
def code(
    file: Annotated[Path, typer.Argument(help="JSON Lines, one article a line: id, title, text, published_at …")],
    out: Annotated[Path | None, typer.Option(help="Where to write. [default: standard output]")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print for a person why each article is coded so; events go to --out.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Code your own articles: read articles, write their events with evidence, one line each."""
    settings = load_settings(home)
    from flows.code import code_file
    from flows.explain import explain_file

    bad_lines = (explain_file if explain else code_file)(file, out, settings)
    for bad in bad_lines:
        typer.echo(f"monitor: {file}:{bad.line}: {bad.problem}", err=True)
    raise typer.Exit(DONE_WITH_REJECTS if bad_lines else DONE)


@app.command()
def status(home: HomeOption = None) -> None:
    """Say when each flow last ran, how it ended, and when it runs next; exit code 1 when something is wrong."""
    settings = load_settings(home)
    from flows.status import read_status

    found = read_status(settings, datetime.now(UTC))
    table = Table("flow", "last run", "for", "ended", "next (by the schedule)", "trouble", title=str(settings.home))
    for flow in found.flows:
        last = flow.last
        table.add_row(
            flow.flow,
            f"{last.started_at.astimezone(settings.zone):%Y-%m-%d %H:%M}" if last else "never",
            last.night if last else "",
            last.state.replace("_", " ") if last else "",
            f"{flow.next_at:%Y-%m-%d %H:%M}",
            flow.trouble or "",
        )
    console = Console()
    console.print(table)
    console.print(
        f"scheduler: {found.scheduler or 'not running (monitor serve, or a Prefect worker)'}", highlight=False
    )
    console.print(f"writer: {found.writer or 'nobody'}", highlight=False)
    raise typer.Exit(DONE if found.is_well else DONE_WITH_REJECTS)


@app.command()
def serve(home: HomeOption = None) -> None:
    """Run nightly, weekly and poll by the schedule until stopped, in this one process."""
    settings = _settings(home, log_level="INFO")
    from flows.serve import serve_flows

    serve_flows(settings)


@app.command()
def publish(home: HomeOption = None) -> None:
    """Make the published DuckDB file again, as after moving the home folder."""
    settings = _settings(home)
    from flows.publishing import publish_again

    typer.echo(publish_again(settings))


@app.command()
def rebuild(
    home: HomeOption = None,
    to: Annotated[
        Path | None, typer.Option(help="Make it in this folder, and leave the home folder's own as it is.")
    ] = None,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Put it in place although captures are gone that it would need.")
    ] = False,
) -> None:
    """Make the warehouse again from captures, catalogue, codebook, settings and ledger."""
    settings = _settings(home)
    from flows.rebuild import rebuild as make_again

    with showing_progress(is_brief=True) as console:
        summary = make_again(settings, None if to is None else to.absolute(), accept_loss=accept_loss)
    _print_summary(console, summary)


@app.command()
def recode(
    home: HomeOption = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Store and publish what the coder says now. [default: only compare]")
    ] = False,
) -> None:
    """Code all stored texts with the present codebook, and list the events that are gained, lost and changed."""
    settings = _settings(home)
    from flows.recode import recode as flow

    with showing_progress() as console:
        summary = flow(home=str(settings.home), apply=apply)
    _print_summary(console, summary)


@app.command()
def housekeeping(home: HomeOption = None) -> None:
    """Remove what the settings no longer keep; the nightly run does so by itself."""
    settings = _settings(home)
    from flows.housekeeping import housekeeping as keep_house

    with showing_progress() as console:
        summary = keep_house(settings)
    _print_summary(console, summary)


def _settings(home: Path | None, recording: Path | None = None, log_level: str = "CRITICAL") -> Settings:
    """Return settings whose files have been read once, so that what is wrong in them is told before a run starts."""
    settings = settings_for(home, recording)
    from codebook.load import load_codebook
    from sources.catalogue import load_catalogue

    load_catalogue(settings.catalogue)
    load_codebook(
        extra_organisations=settings.codebook.extra_organisations, extra_series=settings.codebook.extra_series
    )
    make_home(settings.home)
    prepare_prefect(settings.home, log_level=log_level)
    return settings


def _check_week(week: str | None) -> None:
    """Refuse what is no ISO week."""
    from transforms.weekly import first_day

    try:
        first_day(week or "2026-W01")
    except ValueError:
        raise SettingsError(f"--week: {week!r} is no ISO week. Write it as 2026-W47.") from None


def _print_summary(console: Console, summary: dict[str, object]) -> None:
    """Print a run's summary, a line each."""
    table = Table(show_header=False, box=None)
    for name, value in summary.items():
        table.add_row(name.replace("_", " "), str(value))
    console.print(table)


def _text(path: Path | None) -> str | None:
    """Return a path as a flow's parameter."""
    return None if path is None else str(path)


if __name__ == "__main__":
    main()
