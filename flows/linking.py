"""Linking: all reports to events, anew each night, as a pure function of the stored reports and the published ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flows.comparing import compare_texts
from flows.context import RunContext
from flows.correcting import corrected
from flows.published import published_before
from transforms.event_frames import event_tables
from transforms.event_json import event_from_json
from transforms.linking import link_reports
from transforms.published_ids import Kept, keep_ids
from transforms.records import EventReport
from transforms.reprints import text_roots
from warehouse import read, store


def link_events(context: RunContext) -> None:
    """Compare the new texts with those before them, join the reports of one event over all articles, and store both."""
    compare_texts(context.warehouse, context.codebook)
    reports = read.event_reports(context.warehouse, event_from_json)
    originals = text_roots(read.table(context.warehouse, "core.reprints"))
    kept = events_of(context, reports, originals)
    tables = event_tables(kept.linked, context.codebook, kept.moves)
    store.store_events(context.warehouse, tables, context.clock())
    context.counts["events"] = len(kept.linked.events)


def events_of(
    context: RunContext, reports: Sequence[EventReport], originals: Mapping[str, str], cause: str = ""
) -> Kept:
    """Return the events that these reports tell of, under the ids by which they were published.

    The one place where reports become events, for a night as for a recoding; what people have corrected in an event
    (by the id it has here) is put in after the ids are known.
    """
    linked = link_reports(reports, originals)
    return corrected(context, keep_ids(linked, published_before(context.home.published_ids, context.clock()), cause))
