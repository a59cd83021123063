"""A feed's capture to its state and its entries.

Every answer ends in one named outcome; nothing a server sends raises. Never decides which entries may come in (that is
for the expectations) and never fetches. Called by the poll and nightly flows, and by rebuild.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from transforms.dates import zone_of
from transforms.decoding import Decoded, decode
from transforms.feed_items import Item, ReadFeed
from transforms.json_feed import read_json
from transforms.records import Capture, Entry, Feed, FeedState, Outcome, Outlet, ParsedFeed, digest
from transforms.urls import absolute_url, article_id_of, canonical_url
from transforms.xml_feed import read_xml


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """How large a feed may be, and how old its newest item before it counts as frozen."""

    frozen_days: int = 30
    max_bytes: int = 5_000_000
    max_items: int = 5_000  # feedparser takes a millisecond an item; real feeds show 20 to 100
    max_summary_characters: int = 20_000


def parse_feed(
    capture: Capture, feed: Feed, outlet: Outlet, state: FeedState, options: FeedOptions = FeedOptions()
) -> ParsedFeed:
    """Return a feed's outcome and entries, in the order of the feed.

    Entries come with the outcomes fetched and frozen; bytes that the state already knows are not read again, and what
    they showed (nothing, or old items only) still counts. Published and updated times are in UTC; a time that gives no
    zone is read in the outlet's.
    """
    payload = capture.response.payload
    if capture.response.outcome is Outcome.NOT_MODIFIED:
        return _ended(capture, feed, _still(Outcome.NOT_MODIFIED, state, capture.fetched_at, options))
    if capture.response.outcome is not Outcome.FETCHED:
        return _ended(capture, feed, capture.response.outcome, capture.response.error)
    if len(payload) > options.max_bytes:
        return _ended(capture, feed, Outcome.TOO_LARGE, f"{len(payload)} bytes")
    if digest(payload) == state.payload_digest:
        return _ended(capture, feed, _still(Outcome.UNCHANGED, state, capture.fetched_at, options))
    decoded = decode(payload, capture.response.header("content-type"))
    if decoded is None:
        return _ended(capture, feed, Outcome.UNPARSABLE, "no encoding explains the bytes")
    read = _read(decoded.text, zone_of(outlet.time_zone), options)
    return _parsed(capture, feed, decoded, read, state, options)


def _ended(capture: Capture, feed: Feed, outcome: Outcome, error: str | None = None) -> ParsedFeed:
    """Return the outcome of an answer without entries."""
    return ParsedFeed(feed.feed_id, capture.capture_id, outcome, format=None, error=error)


def _read(text: str, zone: tzinfo, options: FeedOptions) -> ReadFeed:
    """Read a feed by the reader of its notation."""
    if not text.strip():
        return ReadFeed(format=None, error="no bytes")
    if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return read_json(text.lstrip("\ufeff"), zone, options.max_items)
    return read_xml(text, zone, options.max_items)


def _parsed(
    capture: Capture, feed: Feed, decoded: Decoded, read: ReadFeed, state: FeedState, options: FeedOptions
) -> ParsedFeed:
    """Return what was read as the feed's outcome and entries."""
    entries = tuple(_distinct(_entry(item, capture, feed, options) for item in read.items))
    return ParsedFeed(
        feed_id=feed.feed_id,
        capture_id=capture.capture_id,
        outcome=_outcome(read, entries, capture.fetched_at, state, options),
        format=read.format,
        entries=entries,
        title=read.title,
        encoding=decoded.encoding,
        error=read.error or (f"{decoded.damaged} unreadable characters" if decoded.damaged else None),
        asked_pause_seconds=read.asked_pause_seconds,
    )


def _still(otherwise: Outcome, state: FeedState, now: datetime, options: FeedOptions) -> Outcome:
    """Name the state of a feed that shows what it showed before; old items grow older without a change of the bytes."""
    if state.empty_polls:
        return Outcome.SILENT
    return Outcome.FROZEN if _is_frozen(state.newest_item_at, now, options) else otherwise


def _outcome(
    read: ReadFeed, entries: tuple[Entry, ...], now: datetime, state: FeedState, options: FeedOptions
) -> Outcome:
    """Name the state of a feed that was read."""
    if read.format is None:
        return Outcome.NOT_A_FEED
    if not entries:
        if read.error:
            return Outcome.UNPARSABLE
        return Outcome.SILENT if state.empty_polls else Outcome.EMPTY
    return Outcome.FROZEN if _is_frozen(newest_time(entries, now), now, options) else Outcome.FETCHED


def _is_frozen(newest: datetime | None, now: datetime, options: FeedOptions) -> bool:
    """Say whether the newest item is so old that the feed must have been left behind; undated items say nothing."""
    return newest is not None and newest < now - timedelta(days=options.frozen_days)


def newest_time(entries: Iterable[Entry], now: datetime) -> datetime | None:
    """Return when the newest entry appeared or changed, as the feed says; times in the future are mistakes."""
    times = (time for entry in entries for time in (entry.published_at, entry.updated_at))
    return max((time for time in times if time and time <= now + timedelta(days=1)), default=None)


def _entry(item: Item, capture: Capture, feed: Feed, options: FeedOptions) -> Entry:
    """Return an item as an entry of its feed; its id changes when what it says changes."""
    url = absolute_url(capture.response.final_url, item.link)
    canonical = canonical_url(url) if url else None
    summary = item.summary[: options.max_summary_characters] if item.summary else None
    times = (time.isoformat() if time else "" for time in (item.published_at, item.updated_at))
    content = digest(item.title or "", summary or "", *times)
    return Entry(
        entry_id=digest(feed.feed_id, item.guid or item.link or "", content),
        feed_id=feed.feed_id,
        outlet_id=feed.outlet_id,
        capture_id=capture.capture_id,
        article_id=article_id_of(canonical) if canonical else None,
        guid=item.guid,
        url=url if canonical else None,
        canonical_url=canonical,
        title=item.title,
        summary=summary,
        author=item.author,
        section=item.section,
        published_at=item.published_at,
        updated_at=item.updated_at,
        seen_at=capture.fetched_at,
    )


def _distinct(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield each entry once: some feeds list an item twice."""
    seen: set[str] = set()
    for entry in entries:
        if entry.entry_id not in seen:
            seen.add(entry.entry_id)
            yield entry
