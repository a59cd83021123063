"""The nightly flow: everything that happens between two mornings, in order.

It reads like the way of the data: what an interrupted run had captured is loaded first; feeds are polled and loaded;
what rolled out of them unseen is looked for; pages are fetched and loaded (read, judged, coded, stored); events are
linked; the night is audited and published.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow

from flows.artifacts import show_night
from flows.context import RunContext, open_run
from flows.fetching import Group, feeds_due, fetch_group, groups_of, pages_due, robots_known
from flows.filling import fill_gaps, has_gaps
from flows.housekeeping import keep_house
from flows.ledger import noted
from flows.linking import link_events
from flows.loading import load_pending
from flows.naming import name_of_run, with_patience
from flows.publishing import audit, publish, write_quality_page
from flows.settings import load_settings
from flows.stages import side_by_side, stage
from flows.summary import completed
from flows.verdict import fail_by_ratio


@flow(name="nightly", flow_run_name=name_of_run, persist_result=False)
def nightly(home: str | None = None, recording: str | None = None, at: datetime | None = None) -> dict[str, Any]:
    """Do one night's work and return its counts.

    `home`: the home folder. `recording`, `at`: work on a recording with the clock stopped at that moment.
    Raises Busy when another process writes, RunFailed when too large a share of the feeds failed.
    """
    settings = with_patience(load_settings(Path(home) if home else None, recording=recording))
    with open_run("nightly", settings, at, needs_room=True) as context:
        stage("load what was left over", partial(load_pending, context))
        poll_feeds(context)
        if has_gaps(context):
            stage("fill gaps", partial(fill_gaps, context))
        fetch_pages(context)
        stage("link events", partial(noted, context, "link", link_events))
        stage("quality page", partial(write_quality_page, context))  # before the audit may end the run
        stage("audit", partial(audit, context))
        stage("publish", partial(publish, context), retries=2)
        stage("housekeeping", partial(keep_house, context))
        show_night(context)
        fail_by_ratio(context)
        return completed(context.counts)


def poll_feeds(context: RunContext) -> None:
    """Ask every feed that is due, and load what came."""
    groups = groups_of(context.outlets, context.settings.run.outlets_per_task)
    due = [(group, feeds_due(context, group)) for group in groups]
    _fetch_side_by_side(context, "feeds", due)
    stage("load feeds", partial(load_pending, context))


def fetch_pages(context: RunContext) -> None:
    """Fetch every article page that is wanted, and load what came."""
    wanted = pages_due(context)
    groups = groups_of(context.outlets, context.settings.run.outlets_per_task)
    due = [
        (group, [request for outlet in group.outlets for request in wanted.get(outlet.outlet_id, [])])
        for group in groups
    ]
    _fetch_side_by_side(context, "pages", due)
    stage("load pages", partial(load_pending, context))


def _fetch_side_by_side(context: RunContext, what: str, due: list[tuple[Group, list[Any]]]) -> None:
    """Fetch the groups that have something due at the same time, a task each."""
    earlier = robots_known(context)
    works = [
        (group.name, partial(fetch_group, context, group, requests, what, earlier))
        for group, requests in due
        if requests
    ]
    for outcomes in side_by_side(f"fetch {what}", works):
        for outcome, number in outcomes.items():
            context.count(f"{what}_{outcome}", number)
