"""Retention of captures: whole days go, oldest first, when they are too old or all of them too large.

Never the days that a run may still write to or read, and never one with a capture that no table knows. What went is
told in `ops.retention` and in the ledger, since a rebuild can no longer make its rows. Called by `housekeeping`.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from flows.context import RunContext
from flows.disk import size_in_words
from flows.json_lines import append_line, read_lines
from flows.progress import current
from sources.captures import day_folders, read_captures, warc_files
from warehouse import read
from warehouse.removals import Removal, answers_captured, store_removals

Reason = Literal["age", "size"]
IN_USE = timedelta(days=1)  # robots.txt of yesterday still holds, and a night may begin before midnight UTC


def remove_old_captures(context: RunContext) -> None:
    """Remove the days of captures that the settings no longer keep, and say what that loses."""
    keep = context.settings.housekeeping
    if keep.keep_captures_days is None and keep.keep_captures_bytes is None:
        return
    sizes = {date.fromisoformat(day.name): _size(day) for day in day_folders(context.home.captures)}
    today = context.clock().astimezone(UTC).date()
    for day, reason in days_to_remove(sizes, today, keep.keep_captures_days, keep.keep_captures_bytes):
        if _is_loaded(context, f"{day}"):
            _remove(context, day, reason)


def days_to_remove(
    sizes: Mapping[date, int], today: date, keep_days: int | None, keep_bytes: int | None
) -> list[tuple[date, Reason]]:
    """Return the days that go and why, oldest first, given the size of each day; None keeps everything."""
    total = sum(sizes.values())
    gone: list[tuple[date, Reason]] = []
    for day in sorted(sizes):
        if day >= today - IN_USE:
            break
        is_old = keep_days is not None and day < today - timedelta(days=keep_days)
        if is_old or (keep_bytes is not None and total > keep_bytes):
            gone.append((day, "age" if is_old else "size"))
            total -= sizes[day]
    return gone


def read_removals(removals: Path) -> list[Removal]:
    """Return what retention has removed so far, from the ledger."""
    return [
        Removal(
            date.fromisoformat(line["day"]),
            line["reason"],
            line["file_count"],
            line["file_bytes"],
            line["answer_count"],
            datetime.fromisoformat(line["removed_at"]),
        )
        for line in read_lines(removals)
    ]


def _remove(context: RunContext, day: date, reason: Reason) -> None:
    """Remove one day; told first, so that a run killed in between leaves no gap that nobody can explain."""
    folder = context.home.captures / f"{day}"
    files = warc_files(folder)
    answers = answers_captured(context.warehouse, day)
    removal = Removal(day, reason, len(files), _size(folder), answers, context.clock())
    line = asdict(removal) | {"day": f"{day}", "removed_at": removal.removed_at.isoformat()}
    append_line(context.home.removals, line)
    store_removals(context.warehouse, [removal])
    shutil.rmtree(folder)
    context.count("capture_days_removed")
    context.count("capture_bytes_removed", removal.file_bytes)
    context.count("answers_beyond_rebuild", answers)
    current().say(
        f"captures of {day} removed for their {reason} ({size_in_words(removal.file_bytes)}): "
        f"a rebuild can no longer make the rows of {answers:,} answers"
    )


def _is_loaded(context: RunContext, day: str) -> bool:
    """Say whether every capture of a day is in the warehouse."""
    loaded = read.loaded_bytes(context.warehouse)
    folder = context.home.captures
    return all(
        next(read_captures(folder, name, loaded.get(name, 0)), None) is None
        for name in (f"{day}/{file}" for file in warc_files(folder / day))
        if (folder / name).stat().st_size != loaded.get(name, 0)
    )


def _size(folder: Path) -> int:
    """Return the size of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
