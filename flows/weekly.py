"""The weekly flow: the aggregate tables, the report and the exports of one week, gathered, sealed and then put in place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow

from flows.artifacts import show_week
from flows.context import RunContext, open_run
from flows.naming import name_of_run
from flows.publishing import audit, publish
from flows.settings import load_settings
from flows.stages import stage
from reports.weekly import render_html, render_markdown
from transforms.week_view import WeekView, view_of_week
from transforms.weekly import first_day, week_name, weekly_tables
from warehouse import read, store
from warehouse.export import export_week, seal

Wanted = Callable[[], Path]


@flow(name="weekly", flow_run_name=name_of_run, persist_result=False)
def weekly(home: str | None = None, week: str | None = None, at: datetime | None = None) -> dict[str, Any]:
    """Publish one week (default: the last whole one at the clock) and return what was made.

    Raises Busy when another process writes, ValueError for a week that is no ISO week such as 2026-W47.
    """
    settings = load_settings(Path(home) if home else None)
    moment = (at or datetime.now(UTC)).astimezone(settings.zone)
    name = week or week_name(moment.date() - timedelta(days=7))
    first_day(name)
    with open_run("weekly", settings, at, night=name) as context:
        stage("weekly tables", partial(store_week, context))
        stage("audit", partial(audit, context))
        folder = stage("deliver", partial(deliver_week, context), retries=1)
        stage("publish", partial(publish, context), retries=2)
        show_week(context, folder)
        return {"week": name, "report": str(folder / "report.html"), "exports": str(folder), **context.counts}


def store_week(context: RunContext) -> None:
    """Compute the weekly tables up to this week from the stored events, and store them."""
    linked = _bare_names(read.linked_tables(context.warehouse))
    first = read.first_week(context.warehouse, context.settings.time_zone) or context.night
    tables = weekly_tables(linked, context.night, min(first, context.night), context.settings.time_zone)
    store.store_weekly(context.warehouse, tables)
    context.counts["events_of_the_week"] = int(_of_week(tables["weekly_types"], context.night)["event_count"].sum())


def deliver_week(context: RunContext) -> Path:
    """Gather a week's delivery beside its place, seal it with checksums, and put it there by renaming."""
    target = context.home.exports / context.night
    gathered = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.rmtree(gathered, ignore_errors=True)
    gathered.mkdir(parents=True)
    view = _view(context)
    export_week(context.warehouse, gathered, context.night)
    (gathered / "report.html").write_text(render_html(view), encoding="utf-8")
    (gathered / "report.md").write_text(render_markdown(view), encoding="utf-8")
    (gathered / "CODEBOOK.md").write_text(codebook_text(), encoding="utf-8")
    seal(gathered)
    return _put_in_place(gathered, target)


def _put_in_place(gathered: Path, target: Path) -> Path:
    """Exchange a delivery for the one that stood there; a reader sees the old one, a moment of none, or the new one."""
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    gathered.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return target
