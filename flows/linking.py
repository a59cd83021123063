"""Linking: all reports to events, anew each night, as a pure function of the stored reports."""

from __future__ import annotations

from flows.context import RunContext
from transforms.event_frames import event_tables
from transforms.event_json import event_from_json
from transforms.linking import link_reports
from transforms.reprints import find_reprints
from warehouse import read, store


def link_events(context: RunContext) -> None:
    """Join the reports of one event across articles, outlets and languages, and store the events; then the reprints."""
    texts = read.latest_revisions(context.warehouse)
    reprints = find_reprints(texts)
    store.store_reprints(context.warehouse, reprints)
    reports = read.event_reports(context.warehouse, event_from_json)
    originals = dict(zip(reprints["article_id"], reprints["original_article_id"], strict=True))
    linked = link_reports(reports, originals)
    store.store_events(context.warehouse, event_tables(linked, context.codebook), context.clock())
    context.counts["events"] = len(linked.events)
