"""A week's delivery: gathered beside its place, sealed with checksums, then put there by renaming.

Nobody ever sees half of one, and the same warehouse gives the same bytes.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd

from codebook.render import codebook_page
from flows.context import RunContext
from reports.weekly import render_html, render_markdown
from transforms.changes import CITED, changes_page
from transforms.records import WeekView
from transforms.week_view import view_of_week
from warehouse import read
from warehouse.export import export_tables, write_checksums


def deliver(context: RunContext) -> Path:
    """Build the delivery of the run's week and put it in place; return its folder."""
    target = context.home.exports / context.night
    for left_over in target.parent.glob(f".{target.name}.*"):  # of a run that was killed; we are the only writer
        shutil.rmtree(left_over, ignore_errors=True)
    gathered = target.with_name(f".{target.name}.{os.getpid()}")
    gathered.mkdir(parents=True)
    export_tables(context.warehouse, gathered, context.night)
    for name, text in _pages(context).items():
        (gathered / name).write_text(text, encoding="utf-8")
    write_checksums(gathered)
    return _put_in_place(gathered, target)


def _pages(context: RunContext) -> dict[str, str]:
    """Return the delivery's pages by file name."""
    view = _view(context)
    return {
        "report.html": render_html(view),
        "report.md": render_markdown(view),
        "CODEBOOK.md": codebook_page(context.codebook),
        "CHANGES.md": _changes(context),
    }


def _view(context: RunContext) -> WeekView:
    """Return what the report of the week says."""
    return view_of_week(
        read.linked_tables(context.warehouse),
        read.weekly_tables(context.warehouse),
        read.coverage(context.warehouse),
        context.night,
        context.settings.time_zone,
        context.codebook.version,
    )


def _changes(context: RunContext) -> str:
    """Return what has changed since the last delivery of an earlier week."""
    earlier = sorted(folder.name for folder in context.home.exports.glob("????-W??") if folder.name < context.night)
    now = read.table(context.warehouse, "core.events")
    before = now.iloc[:0]
    if earlier:
        before = pd.read_parquet(context.home.exports / earlier[-1] / "events.parquet", columns=["event_id", *CITED])
    log = read.table(context.warehouse, "ops.id_log")
    return changes_page(context.night, earlier[-1] if earlier else None, before, now, log)


def _put_in_place(gathered: Path, target: Path) -> Path:
    """Exchange a delivery for the one that stood there; a reader sees the old one, for a moment none, or the new."""
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    gathered.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return target
