"""The weekly flow: the aggregate tables, then one week's delivery: report and exports, sealed and put in place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow

from flows.artifacts import show_week
from flows.context import RunContext, open_run
from flows.delivery import deliver
from flows.ledger import noted
from flows.linking import link_events
from flows.naming import name_of_run, with_patience
from flows.published import note_published
from flows.publishing import audit, publish
from flows.settings import load_settings
from flows.stages import stage
from transforms.weekly import first_day, week_name, weekly_tables
from warehouse import read, store


@flow(name="weekly", flow_run_name=name_of_run, persist_result=False)
def weekly(home: str | None = None, week: str | None = None, at: datetime | None = None) -> dict[str, Any]:
    """Publish one week (default: the last whole one at the clock) and return what was made.

    Raises Busy when another process writes, ValueError for a week that is no ISO week such as 2026-W47.
    """
    settings = with_patience(load_settings(Path(home) if home else None))
    moment = (at or datetime.now(UTC)).astimezone(settings.zone)
    name = week or week_name(moment.date() - timedelta(days=7))
    first_day(name)
    with open_run("weekly", settings, at, night=name) as context:
        # A night that was killed before it linked has left reports that belong to no event yet.
        stage("link events", partial(noted, context, "link", link_events))
        stage("weekly tables", partial(noted, context, "week", store_week))
        stage("audit", partial(audit, context))
        stage("note published ids", partial(note_published, context))
        folder = stage("deliver", partial(deliver, context), retries=1)
        stage("publish", partial(publish, context), retries=2)
        show_week(context, folder)
        return {"week": name, "report": str(folder / "report.html"), "exports": str(folder), **context.counts}


def store_week(context: RunContext) -> None:
    """Compute the weekly tables from the stored events, and store them; an older week made again takes none away."""
    week = context.night
    first = min(_first_week(context), week)
    last = max([week, *read.weekly_tables(context.warehouse)["weekly_types"]["week"]])
    tables = weekly_tables(read.linked_tables(context.warehouse), last, first, context.settings.time_zone)
    store.store_weekly(context.warehouse, tables)
    types = tables["weekly_types"]
    context.counts["events_of_the_week"] = int(types[types["week"] == week]["event_count"].sum())


def _first_week(context: RunContext) -> str:
    """Return the week that the first night saw; this week where there was no night yet."""
    nights = read.coverage(context.warehouse)["night"]
    if nights.empty:
        return context.night
    earliest: date = nights.min()
    return week_name(earliest - timedelta(days=1))
