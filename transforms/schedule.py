"""When a feed is asked again: a pure function of what is remembered and what just happened.

Feeds come back to life after weeks of 404, so none is ever given up: failures only make the pauses longer. What a
server asks for (Retry-After, max-age) delays the next poll and never hastens it. Called by the poll and nightly flows.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from transforms.asked_pauses import asked_pause, retry_after
from transforms.cadence import SHORTEST_INTERVAL, items_per_hour, poll_interval
from transforms.feeds import newest_time
from transforms.records import Capture, FeedState, Outcome, ParsedFeed, Response
from transforms.validators import READ, with_validators

# A run that cron starts every hour on the hour asks a feed some seconds earlier or later in the hour than the run
# before. By the bare rule "due or not" every second run would find it due in a moment, and pass it over. So a run also
# takes what falls due within this lead, and the client waits with the request until that moment: every run asks, and
# two requests still lie an hour apart. The wait is that of the slowest run so far, so it does not add up.
LEAD: Final = timedelta(minutes=2)

_PAUSE_PER_FAILURE: Final = timedelta(hours=6)
_LONGEST_BACK_OFF: Final = timedelta(days=1)
_FAILURES_OF_THE_DEAD: Final = 30.0  # about a month of hard failures
_PAUSE_OF_THE_DEAD: Final = timedelta(days=30)
_PAUSE_OF_THE_RESTING: Final = timedelta(hours=6)  # frozen and silent feeds may come back at any time, and seldom do
_RESTING: Final = frozenset({Outcome.FROZEN, Outcome.SILENT})

_ITEMS_KNOWN: Final = frozenset({Outcome.FETCHED, Outcome.NOT_MODIFIED, Outcome.UNCHANGED, Outcome.FROZEN})
_EMPTY: Final = frozenset({Outcome.EMPTY, Outcome.SILENT})
# The server's bad hour or its editor's mistake, rather than the feed's end; active feeds do answer 404 and come back.
_SOFT: Final = frozenset({Outcome.MISSING, Outcome.HTTP_429, Outcome.HTTP_5XX, Outcome.UNPARSABLE, Outcome.NOT_A_FEED})
_GONE: Final = 410  # unlike 404 said on purpose
_SOFT_WEIGHT: Final = 0.5
_TEMPORARY_DNS_WEIGHT: Final = 0.25  # most often our own line: a monitor off the network must not bury its feeds
_HARD_WEIGHT: Final = 1.0


def is_due(state: FeedState, now: datetime, lead: timedelta = timedelta()) -> bool:
    """Say whether a feed may be asked now, or within the lead."""
    return state.next_due_at is None or now + lead >= state.next_due_at


def next_feed_state(state: FeedState, capture: Capture, parsed: ParsedFeed | None) -> FeedState:
    """Return what to remember of a feed after an attempt; `parsed` is None where there was nothing to read.

    A success resets the failures; validators are renewed by 200 and 304 byte for byte.
    """
    outcome = parsed.outcome if parsed else capture.response.outcome
    now = capture.fetched_at
    after = replace(
        _with_pace(with_validators(state, capture, parsed), parsed, now),
        last_attempt_at=now,
        last_success_at=now if outcome in _ITEMS_KNOWN else state.last_success_at,
        last_outcome=outcome,
        failures=0.0 if outcome in _ITEMS_KNOWN | _EMPTY else state.failures + _weight(outcome, capture.response),
        newest_item_at=_newest(state, parsed, now),
        empty_polls=_empty_polls(state, outcome),
    )
    return replace(after, next_due_at=now + _pause(after, capture.response, now))


def _weight(outcome: Outcome, response: Response) -> float:
    """Return how much a failure counts."""
    if outcome is Outcome.DNS and "temporary" in (response.error or "").lower():
        return _TEMPORARY_DNS_WEIGHT
    return _SOFT_WEIGHT if outcome in _SOFT and response.status != _GONE else _HARD_WEIGHT


def _with_pace(state: FeedState, parsed: ParsedFeed | None, now: datetime) -> FeedState:
    """Return the state with the feed's pace, where its items, or that it has none, were just read."""
    if parsed is None or parsed.format is None or parsed.outcome not in READ:
        return state
    state = replace(state, asked_pause_seconds=parsed.asked_pause_seconds)
    if not parsed.entries:
        return state
    interval = poll_interval(parsed.entries, now)
    return replace(
        state,
        items_per_hour=items_per_hour(parsed.entries, now),
        poll_interval_seconds=interval.total_seconds(),
    )


def _pause(state: FeedState, response: Response, now: datetime) -> timedelta:
    """Return how long the feed is left alone: our own pause, or the longer one that the server asks for."""
    if state.failures:
        return max(_back_off(state.failures), retry_after(response, now))
    return max(_own_pause(state), asked_pause(response, state.asked_pause_seconds, now))


def _back_off(failures: float) -> timedelta:
    """Return the pause after failures of this weight: six hours for each, a day at most, for the dead a month."""
    if failures >= _FAILURES_OF_THE_DEAD:
        return _PAUSE_OF_THE_DEAD
    return min(max(failures * _PAUSE_PER_FAILURE, SHORTEST_INTERVAL), _LONGEST_BACK_OFF)


def _own_pause(state: FeedState) -> timedelta:
    """Return the pause that the feed's pace allows."""
    interval = max(timedelta(seconds=state.poll_interval_seconds or 0.0), SHORTEST_INTERVAL)
    return max(interval, _PAUSE_OF_THE_RESTING) if state.last_outcome in _RESTING else interval


def _newest(state: FeedState, parsed: ParsedFeed | None, now: datetime) -> datetime | None:
    """Return the newest item's time known so far."""
    found = newest_time(parsed.entries, now) if parsed else None
    return max((time for time in (found, state.newest_item_at) if time), default=None)


def _empty_polls(state: FeedState, outcome: Outcome) -> int:
    """Return how many polls in a row found the feed without items; failures neither count nor end the row."""
    if outcome in _EMPTY:
        return state.empty_polls + 1
    return 0 if outcome in _ITEMS_KNOWN else state.empty_polls
