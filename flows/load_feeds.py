"""Loading feeds: read the bytes, judge the entries, store what came of it with the feeds' states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from expectations.judge import judge
from flows.context import RunContext
from transforms.feeds import parse_feed
from transforms.frames import frame_of
from transforms.records import Capture, CaptureKind, Entry, FeedState, Outcome, ParsedFeed
from transforms.schedule import next_feed_state
from warehouse import read, store
from warehouse.batches import FeedBatch


def load_feeds(context: RunContext, captures: Sequence[Capture], progress: Mapping[str, int]) -> None:
    """Store these captures of feeds (and of robots.txt), their entries that pass, and the feeds' next states."""
    states = read.feed_states(context.warehouse)
    parsed = [feed for capture in captures if (feed := _parse(context, capture, states)) is not None]
    entries = frame_of((entry for feed in parsed for entry in feed.entries), Entry)
    judgement = judge("feed_entries", entries)
    batch = FeedBatch(
        night=date.fromisoformat(context.night),
        captures=captures,
        outcomes={feed.capture_id: _outcome(feed, judgement.stopped, context) for feed in parsed},
        entries=judgement.accepted,
        states=[states[feed_id] for feed_id in dict.fromkeys(feed.feed_id for feed in parsed)],
        rejections=judgement.rejections,
        validations=judgement.validations,
        progress=progress,
    )
    store.store_feed_batch(context.warehouse, batch)
    context.count("entries_seen", len(entries))
    context.count("rejects", len({rejection.row_id for rejection in judgement.rejections}))


def _parse(context: RunContext, capture: Capture, states: dict[str, FeedState]) -> ParsedFeed | None:
    """Read one feed and move its state on; None for what is no feed of the catalogue (any more)."""
    feed = context.feed_of.get(capture.request.feed_id or "")
    if capture.request.kind is not CaptureKind.FEED or feed is None:
        return None
    state = states.get(feed.feed_id, FeedState(feed.feed_id))
    parsed = parse_feed(capture, feed, context.outlet_of[feed.outlet_id], state)
    states[feed.feed_id] = next_feed_state(state, capture, parsed)
    return parsed


def _outcome(feed: ParsedFeed, stopped: Sequence[str], context: RunContext) -> Outcome:
    """Return the feed's outcome; a feed whose outlet's batch was stopped could not be read as what it should be."""
    is_stopped = context.feed_of[feed.feed_id].outlet_id in stopped
    return Outcome.UNPARSABLE if is_stopped else feed.outcome
