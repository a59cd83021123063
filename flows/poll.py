"""The poll flow: feeds only, between two nights, so that no item rolls out of a feed unseen."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow

from flows.context import open_run
from flows.loading import load_pending
from flows.naming import name_of_run
from flows.nightly import poll_feeds
from flows.settings import load_settings
from flows.stages import stage
from flows.summary import completed


@flow(name="poll", flow_run_name=name_of_run, persist_result=False)
def poll(home: str | None = None, recording: str | None = None, at: datetime | None = None) -> dict[str, Any]:
    """Ask the feeds that are due and store their entries; return the run's counts. Raises Busy."""
    settings = load_settings(Path(home) if home else None, recording=recording)
    with open_run("poll", settings, at, needs_room=True) as context:
        stage("load what was left over", partial(load_pending, context))
        poll_feeds(context)
        return completed(context.counts)
