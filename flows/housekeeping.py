"""Housekeeping: what grows without end is cut back to what the settings keep, so that years fit on a small disk.

Captures, Prefect's history, the journal, quality pages, and what killed runs have left behind. A stage of the nightly
flow and a command; nothing that a table or an export needs is ever touched.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flows import journal
from flows.context import RunContext, open_run
from flows.home import Home
from flows.prefect_history import forget_runs
from flows.progress import current
from flows.retention import remove_old_captures
from flows.settings import Settings

UNFINISHED_AFTER = timedelta(days=1)  # nobody takes a day to write a file: what is older belongs to a run that died


def housekeeping(settings: Settings) -> dict[str, Any]:
    """Do the housekeeping alone, and return what it removed. Raises Busy when another process writes."""
    with open_run("housekeeping", settings) as context:
        keep_house(context)
        return dict(context.counts)


def keep_house(context: RunContext) -> None:
    """Remove what the settings no longer keep."""
    keep, home, now = context.settings.housekeeping, context.home, datetime.now(UTC)
    remove_old_captures(context)
    _forget_runs(context, now - timedelta(days=keep.keep_prefect_days))
    _count(context, "journal_runs_removed", _shorten_journal(context, now))
    oldest_night = context.clock().astimezone(context.settings.zone) - timedelta(days=keep.keep_quality_days)
    pages = [page for page in home.quality.glob("????-??-??.html") if page.stem < f"{oldest_night:%Y-%m-%d}"]
    _count(context, "quality_pages_removed", _remove_all(pages))
    _count(context, "leftovers_removed", _remove_all(leftovers(home, now - UNFINISHED_AFTER)))


def leftovers(home: Home, before: datetime) -> Iterator[Path]:
    """Yield what runs that died before a moment were writing, or were about to remove."""
    patterns = (
        (home.published.parent, (".*.part", ".*.part.wal")),
        (home.warehouse.parent, (".*.rebuilding", ".*.rebuilding.wal")),
        (home.exports, (".????-W??.*",)),
        (home.logs, (".*.part",)),
    )
    for folder, names in patterns:
        for path in (path for name in names for path in folder.glob(name)):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
                yield path


def _forget_runs(context: RunContext, before: datetime) -> None:
    """Delete Prefect's old runs of ours; a server that cannot be reached is tried again the next night."""
    import httpx

    try:
        _count(context, "prefect_runs_removed", forget_runs(context.home.folder, before))
    except (httpx.HTTPError, RuntimeError) as error:
        context.count("prefect_history_failures")
        current().say(f"Prefect's history was left as it is: {type(error).__name__}: {error}")


def _shorten_journal(context: RunContext, now: datetime) -> int:
    """Drop old runs from the journal and return how many."""
    keep = context.settings.housekeeping
    return journal.shorten(context.home.journal, now - timedelta(days=keep.keep_journal_days), keep.keep_journal_bytes)


def _remove_all(paths: Iterator[Path] | list[Path]) -> int:
    """Remove files and folders, and return how many."""
    found = list(paths)
    for path in found:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return len(found)


def _count(context: RunContext, name: str, number: int) -> None:
    """Add to one of the run's counts what is worth a line."""
    if number:
        context.count(name, number)
