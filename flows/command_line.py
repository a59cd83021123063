"""What the files of the `monitor` command share: exit codes, options, settings read and checked, progress shown.

It holds no command and imports no heavy library at the top. Called by `cli` and by the files of its sub-commands.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows.settings import Settings, SettingsError, load_settings

DONE, DONE_WITH_REJECTS, WRONG_USE, FAILED, BUSY = 0, 1, 2, 3, 75

HomeOption = Annotated[Path | None, typer.Option(help="The home folder. [default: $MONITOR_HOME, else ./data]")]
RecordingOption = Annotated[
    Path | None, typer.Option(help="Run on a recording (a folder or WARC files), not the network.")
]
AtOption = Annotated[datetime | None, typer.Option(help="The moment to work at, with a recording. [default: now]")]


def settings_for(home: Path | None, recording: Path | None = None) -> Settings:
    """Return the settings, with the recording in place of the network where one is named; it must exist."""
    settings = load_settings(home, recording=None if recording is None else recording.absolute())
    if settings.recording and not settings.recording.exists():
        raise SettingsError(f"{settings.recording}: there is no such recording. Name a folder or WARC files.")
    return settings


def aware(at: datetime | None, settings: Settings) -> datetime | None:
    """Return the moment in UTC; one without an offset is in the report's time zone."""
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=settings.zone)).astimezone(UTC)


@contextmanager
def showing_progress(*, is_brief: bool = False) -> Iterator[Console]:
    """Show progress on standard error while the block runs."""
    from flows.progress import Display, showing

    with showing(Display(is_brief=is_brief)) as display:
        yield display.console
