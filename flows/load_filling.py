"""Loading what was asked for to fill gaps: the items of feeds' further pages, and the pages that sitemaps list.

The entries come in like those of polls; a feed's state is not touched, for its address was not asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from expectations.judge import judge
from flows.context import RunContext
from flows.tally import count_loaded
from transforms.dates import zone_of
from transforms.feeds import parse_feed
from transforms.frames import frame_of
from transforms.gaps import entries_of_page, entries_of_sitemap, leads_back
from transforms.records import Capture, CaptureKind, Entry, FeedGap, FeedState, Outcome, ParsedFeed
from warehouse import read, store
from warehouse.batches import FillingBatch

GAP_HOLD = timedelta(hours=36)  # a night sees the gaps that the polls since the last night found


@dataclass(frozen=True, slots=True)
class _Found:
    """What one capture brings: its outcome, entries for gaps, and the gaps it was asked for with their being closed."""

    outcome: Outcome
    entries: Sequence[Entry]
    gaps: Mapping[tuple[str, datetime], bool]


def load_filling(context: RunContext, captures: Sequence[Capture], progress: Mapping[str, int]) -> None:
    """Store these captures of further pages and sitemaps, the entries that fill gaps, and what each gap has got."""
    found = [_found(context, capture) for capture in captures]
    entries = frame_of((entry for one in found for entry in one.entries), Entry)
    judgement = judge("feed_entries", entries)
    gaps = [pair for one in found for pair in one.gaps.items()]
    batch = FillingBatch(
        night=date.fromisoformat(context.night),
        captures=captures,
        outcomes={capture.capture_id: one.outcome for capture, one in zip(captures, found, strict=True)},
        entries=judgement.accepted,
        gaps={gap: any(is_closed for other, is_closed in gaps if other == gap) for gap, _ in gaps},
        rejections=judgement.rejections,
        validations=judgement.validations,
        progress=progress,
    )
    store.store_filling_batch(context.warehouse, batch)
    count_loaded(context, captures, batch.outcomes)
    context.count("entries_filled", len(judgement.accepted))
    context.count("rejects", len({rejection.row_id for rejection in judgement.rejections}))


def read_page(context: RunContext, gap: FeedGap, capture: Capture) -> ParsedFeed:
    """Return a further page of a feed, read; that its items are old is no fault of it."""
    parsed = parse_feed(capture, context.feed_of[gap.feed_id], context.outlet_of[gap.outlet_id], FeedState(gap.feed_id))
    return replace(parsed, outcome=Outcome.FETCHED) if parsed.outcome is Outcome.FROZEN else parsed


def gaps_at(context: RunContext, moment: datetime) -> list[FeedGap]:
    """Return the gaps that are still looked after at a moment, of feeds that the catalogue has."""
    gaps = read.feed_gaps(context.warehouse, moment - GAP_HOLD, moment)
    return [gap for gap in gaps if gap.feed_id in context.feed_of]


def _found(context: RunContext, capture: Capture) -> _Found:
    """Return what a capture brings."""
    gaps = [gap for gap in gaps_at(context, capture.fetched_at) if gap.outlet_id == capture.request.outlet_id]
    if capture.request.kind is CaptureKind.FEED_PAGE:
        gaps = [gap for gap in gaps if gap.feed_id == capture.request.feed_id]
    if not gaps:
        return _Found(capture.response.outcome, (), {})
    if capture.request.kind is CaptureKind.FEED_PAGE:
        return _found_on_page(context, capture, gaps[0])
    zone = zone_of(context.outlet_of[capture.request.outlet_id].time_zone)
    entries = entries_of_sitemap(gaps, capture, zone)
    return _Found(capture.response.outcome, entries, {(gap.feed_id, gap.until): False for gap in gaps})


def _found_on_page(context: RunContext, capture: Capture, gap: FeedGap) -> _Found:
    """Return what a further page of a feed brings for its gap."""
    parsed = read_page(context, gap, capture)
    closed = {(gap.feed_id, gap.until): leads_back(gap, parsed.entries)}
    return _Found(parsed.outcome, entries_of_page(gap, parsed.entries), closed)
