"""Loading feeds: read the bytes, judge the entries, store what came of it with the feeds' states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from expectations.judge import judge
from flows.context import RunContext
from flows.tally import count_loaded
from transforms.feeds import FeedOptions, parse_feed
from transforms.frames import frame_of
from transforms.records import Capture, CaptureKind, Entry, FeedState, Outcome, ParsedFeed
from transforms.schedule import next_feed_state
from transforms.validators import READ
from warehouse import read, store
from warehouse.batches import FeedBatch


def load_feeds(context: RunContext, captures: Sequence[Capture], progress: Mapping[str, int]) -> None:
    """Store these captures of feeds (and of robots.txt), their entries that pass, and the feeds' next states."""
    states = read.feed_states(context.warehouse)
    readings = [reading for capture in captures if (reading := _read(context, capture, states)) is not None]
    entries = frame_of((entry for reading in readings for entry in reading.parsed.entries), Entry)
    judgement = judge("feed_entries", entries)
    readings = [_unless_stopped(reading, judgement.stopped, context) for reading in readings]
    batch = FeedBatch(
        night=date.fromisoformat(context.night),
        captures=captures,
        outcomes={reading.parsed.capture_id: reading.parsed.outcome for reading in readings},
        errors={
            reading.parsed.capture_id: reading.parsed.error
            for reading in readings
            if reading.parsed.error and reading.parsed.outcome not in READ
        },
        paces={
            reading.parsed.capture_id: reading.after.items_per_hour
            for reading in readings
            if reading.parsed.entries and reading.after.items_per_hour
        },
        entries=judgement.accepted,
        states=list({reading.after.feed_id: reading.after for reading in readings}.values()),
        rejections=judgement.rejections,
        validations=judgement.validations,
        progress=progress,
    )
    added = store.store_feed_batch(context.warehouse, batch)
    context.count("items_new", added)
    context.count("items_unchanged", len(judgement.accepted) - added)
    count_loaded(context, captures, batch.outcomes)
    context.count("rejects", len({rejection.row_id for rejection in judgement.rejections}))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One capture of a feed, read, with the feed's states before and after it."""

    capture: Capture
    parsed: ParsedFeed
    before: FeedState
    after: FeedState


def _read(context: RunContext, capture: Capture, states: dict[str, FeedState]) -> _Reading | None:
    """Read one feed and move its state on; None for what is no feed of the catalogue (any more)."""
    feed = context.feed_of.get(capture.request.feed_id or "")
    if capture.request.kind is not CaptureKind.FEED or feed is None:
        return None
    before = states.get(feed.feed_id, FeedState(feed.feed_id))
    parsed = parse_feed(capture, feed, context.outlet_of[feed.outlet_id], before, _options(context))
    states[feed.feed_id] = next_feed_state(before, capture, parsed)
    return _Reading(capture, parsed, before, states[feed.feed_id])


def _options(context: RunContext) -> FeedOptions:
    """Return the settings that decide what a feed's bytes amount to."""
    settings = context.settings
    return FeedOptions(frozen_days=settings.schedule.frozen_days, max_bytes=settings.fetch.max_feed_bytes)


def _unless_stopped(reading: _Reading, stopped: Sequence[str], context: RunContext) -> _Reading:
    """Return a reading, as unparsable where its outlet was stopped: the feed is then asked again whole."""
    if context.feed_of[reading.parsed.feed_id].outlet_id not in stopped:
        return reading
    parsed = replace(reading.parsed, outcome=Outcome.UNPARSABLE, error="the outlet's rows were refused")
    return replace(reading, parsed=parsed, after=next_feed_state(reading.before, reading.capture, parsed))
