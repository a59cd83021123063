"""When a feed is asked again: a pure function of what is remembered and what just happened.

Feeds come back to life after weeks of 404, so none is ever given up: failures only make the pauses longer, to a day at
most. What a server asks for (Retry-After, max-age) delays the next poll and never hastens it. Called by the poll and
nightly flows.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from transforms.feeds import newest_time
from transforms.records import Capture, FeedState, Outcome, ParsedFeed, Response, digest

_SHORTEST_PAUSE: Final = timedelta(hours=1)
_PAUSE_PER_FAILURE: Final = timedelta(hours=6)
_LONGEST_PAUSE_OF_OURS: Final = timedelta(days=1)
_LONGEST_RETRY_AFTER: Final = timedelta(days=30)
_LONGEST_MAX_AGE: Final = timedelta(days=1)

_ITEMS_KNOWN: Final = frozenset({Outcome.FETCHED, Outcome.NOT_MODIFIED, Outcome.UNCHANGED, Outcome.FROZEN})
_SUCCESSES: Final = _ITEMS_KNOWN | {Outcome.EMPTY}
_READ: Final = frozenset({Outcome.FETCHED, Outcome.FROZEN, Outcome.EMPTY, Outcome.UNCHANGED})
# the network's or the server's bad hour, rather than the feed's end
_SOFT: Final = frozenset({Outcome.CONNECT, Outcome.TIMEOUT, Outcome.HTTP_429, Outcome.HTTP_5XX})
_SOFT_WEIGHT: Final = 0.5
_TEMPORARY_DNS_WEIGHT: Final = 0.25
_HARD_WEIGHT: Final = 1.0
_MAX_AGE: Final = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)


def is_due(state: FeedState, now: datetime) -> bool:
    """Say whether a feed may be asked now."""
    return state.next_due_at is None or now >= state.next_due_at


def next_feed_state(state: FeedState, capture: Capture, parsed: ParsedFeed | None) -> FeedState:
    """Return what to remember of a feed after an attempt; `parsed` is None where there was nothing to read.

    A success resets the failures; validators are renewed by 200 and 304 byte for byte.
    """
    outcome = parsed.outcome if parsed else capture.response.outcome
    now = capture.fetched_at
    failures = 0.0 if outcome in _SUCCESSES else state.failures + _weight(outcome, capture.response)
    renewed = _with_validators(state, capture.response, outcome)
    return replace(
        renewed,
        last_attempt_at=now,
        last_success_at=now if outcome in _ITEMS_KNOWN else state.last_success_at,
        last_outcome=outcome,
        failures=failures,
        next_due_at=_next_due(now, failures, capture.response),
        newest_item_at=_newest(state, parsed, now),
        empty_polls=_empty_polls(state, outcome),
    )


def _weight(outcome: Outcome, response: Response) -> float:
    """Return how much a failure counts."""
    if outcome is Outcome.DNS and "temporary" in (response.error or "").lower():
        return _TEMPORARY_DNS_WEIGHT
    return _SOFT_WEIGHT if outcome in _SOFT else _HARD_WEIGHT


def _with_validators(state: FeedState, response: Response, outcome: Outcome) -> FeedState:
    """Return the state with the validators and digest of the answer.

    An answer that is no feed leaves them: its ETag would later turn an error page into "not modified".
    """
    etag, last_modified = response.header("etag"), response.header("last-modified")
    if outcome is Outcome.NOT_MODIFIED:
        return replace(state, etag=etag or state.etag, last_modified=last_modified or state.last_modified)
    if outcome in _READ:
        return replace(state, etag=etag, last_modified=last_modified, payload_digest=digest(response.payload))
    return state


def _next_due(now: datetime, failures: float, response: Response) -> datetime:
    """Return when the feed may be asked again: after our own pause, or later where the server asks for it."""
    ours = max(_SHORTEST_PAUSE, min(failures * _PAUSE_PER_FAILURE, _LONGEST_PAUSE_OF_OURS))
    return now + max(ours, _retry_after(response, now), _max_age(response) if not failures else timedelta())


def _retry_after(response: Response, now: datetime) -> timedelta:
    """Return the pause that Retry-After asks for (seconds or a date), at most 30 days; zero without one."""
    value = (response.header("retry-after") or "").strip()
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=min(int(value[:12]), 10**9)), _LONGEST_RETRY_AFTER)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return timedelta()
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(until - now, _LONGEST_RETRY_AFTER)


def _max_age(response: Response) -> timedelta:
    """Return how long the answer says it stays fresh, at most a day."""
    found = _MAX_AGE.search(response.header("cache-control") or "")
    return min(timedelta(seconds=min(int(found.group(1)), 10**9)), _LONGEST_MAX_AGE) if found else timedelta()


def _newest(state: FeedState, parsed: ParsedFeed | None, now: datetime) -> datetime | None:
    """Return the newest item's time known so far."""
    found = newest_time(parsed.entries, now) if parsed else None
    return max((time for time in (found, state.newest_item_at) if time), default=None)


def _empty_polls(state: FeedState, outcome: Outcome) -> int:
    """Return how many polls in a row found the feed without items; failures neither count nor end the row."""
    if outcome is Outcome.EMPTY:
        return state.empty_polls + 1
    return 0 if outcome in _ITEMS_KNOWN else state.empty_polls


# After a failed page: the next night, then after ever longer; after this many attempts the page is given up.
MOST_PAGE_ATTEMPTS = 5


def next_page_attempt(outcome: Outcome, attempts: int, now: datetime) -> datetime | None:
    """Return when to ask for a page again after its attempts so far; None for one that is had, gone or given up."""
    if outcome in (Outcome.FETCHED, Outcome.MISSING, Outcome.REFUSED_ADDRESS) or attempts >= MOST_PAGE_ATTEMPTS:
        return None
    return now + timedelta(hours=12 * 2 ** (attempts - 1))
