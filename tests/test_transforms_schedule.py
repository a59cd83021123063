"""When a feed is asked again: a table of situations, and promises that hold after any sequence of outcomes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.records import (
    Capture,
    CaptureKind,
    Entry,
    FeedState,
    Outcome,
    ParsedFeed,
    Request,
    Response,
)
from transforms.schedule import LEAD, is_due, next_feed_state

NOW = datetime(2025, 9, 23, 21, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
URL = "https://a.example/rss"
FRESH = FeedState("f")
TIRED = FeedState("f", etag='W/"old"', last_modified="Mon, 01 Sep 2025 00:00:00 GMT", payload_digest="p", failures=3.0)
SUCCESSES = (
    Outcome.FETCHED,
    Outcome.NOT_MODIFIED,
    Outcome.UNCHANGED,
    Outcome.FROZEN,
    Outcome.EMPTY,
    Outcome.SILENT,
)
FAILURES = sorted(set(Outcome) - set(SUCCESSES))


def attempt(outcome=Outcome.FETCHED, error=None, at=NOW, status=200, **headers) -> Capture:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    transported = Outcome.FETCHED if outcome in SUCCESSES and outcome is not Outcome.NOT_MODIFIED else outcome
    response = Response(transported, URL, status, named, b"<rss/>", error=error)
    return Capture("c", Request(CaptureKind.FEED, "a", URL, "f"), response, at, "w", 0)


def item(published: datetime | None, number: int = 0) -> Entry:
    fields = dict.fromkeys(Entry.__dataclass_fields__)
    return Entry(**{**fields, "entry_id": str(number), "published_at": published, "seen_at": NOW})


def read(outcome: Outcome, *times: datetime | None, asked: float | None = None) -> ParsedFeed:
    entries = tuple(item(time, number) for number, time in enumerate(times))
    return ParsedFeed("f", "c", outcome, "rss20", entries, asked_pause_seconds=asked)


def every(pause: timedelta, count: int, newest: datetime = NOW) -> list[datetime]:
    """Return the times of so many items, one each pause."""
    return [newest - pause * number for number in range(count)]


def after(state: FeedState, outcome: Outcome, **about) -> FeedState:
    return next_feed_state(state, attempt(outcome, **about), read(outcome) if outcome in SUCCESSES else None)


def test_a_feed_never_asked_is_due():
    assert is_due(FRESH, NOW)


def test_after_a_success_it_is_asked_again_in_an_hour_and_not_before():
    state = after(TIRED, Outcome.FETCHED)
    assert state.failures == 0
    assert state.last_success_at == NOW
    assert not is_due(state, NOW + HOUR - SECOND)
    assert is_due(state, NOW + HOUR)


WEIGHTS = [
    ("a page not found", Outcome.MISSING, None, 404, 0.5),
    ("gone for good", Outcome.MISSING, None, 410, 1.0),
    ("asked too often", Outcome.HTTP_429, None, 429, 0.5),
    ("an error of the server", Outcome.HTTP_5XX, None, 503, 0.5),
    ("broken XML", Outcome.UNPARSABLE, None, 200, 0.5),
    ("a page in the feed's place", Outcome.NOT_A_FEED, None, 200, 0.5),
    ("names cannot be looked up now", Outcome.DNS, "Temporary failure in name resolution", None, 0.25),
    ("no such name", Outcome.DNS, "Name or service not known", None, 1.0),
    ("no answer in time", Outcome.TIMEOUT, None, None, 1.0),
    ("no connection", Outcome.CONNECT, None, None, 1.0),
    ("refused", Outcome.HTTP_4XX, None, 403, 1.0),
    ("no trustworthy encryption", Outcome.TLS, None, None, 1.0),
    ("forbidden by robots.txt", Outcome.ROBOTS, None, None, 1.0),
    ("too large", Outcome.TOO_LARGE, None, 200, 1.0),
    ("redirected in circles", Outcome.TOO_MANY_REDIRECTS, None, None, 1.0),
    ("a private address", Outcome.REFUSED_ADDRESS, None, None, 1.0),
]


@pytest.mark.parametrize(
    ("outcome", "error", "status", "weight"), [case[1:] for case in WEIGHTS], ids=[case[0] for case in WEIGHTS]
)
def test_failures_weigh_by_their_kind(outcome, error, status, weight):
    state = next_feed_state(TIRED, attempt(outcome, error, status=status), None)
    assert state.failures == 3.0 + weight
    assert state.last_success_at is None
    assert state.last_outcome is outcome


def test_every_outcome_is_a_success_or_has_a_weight():
    assert {case[1] for case in WEIGHTS} | set(SUCCESSES) == set(Outcome)


@pytest.mark.parametrize(
    ("before", "pause"),
    [
        (0.0, 6 * HOUR),
        (1.0, 12 * HOUR),
        (2.0, 18 * HOUR),
        (3.0, DAY),
        (28.9, DAY),
        (29.0, 30 * DAY),
        (500.0, 30 * DAY),
    ],
)
def test_pauses_grow_with_failures_to_a_day_and_then_to_a_month(before, pause):
    state = after(replace(FRESH, failures=before), Outcome.TLS)
    assert state.next_due_at == NOW + pause


def test_soft_failures_pause_half_as_long():
    assert after(FRESH, Outcome.MISSING).next_due_at == NOW + 3 * HOUR


PAUSES = [
    ("nothing", {}, None, HOUR),
    ("fresh for two hours", {"Cache_Control": "public, max-age=7200"}, None, 2 * HOUR),
    ("fresh for a minute", {"Cache_Control": "max-age=60"}, None, HOUR),
    ("fresh for ever", {"Cache_Control": "max-age=99999999999999"}, None, DAY),
    ("a shared cache's age", {"Cache_Control": "s-maxage=7200, max-age=0"}, None, HOUR),
    ("do not keep", {"Cache_Control": "no-cache"}, None, HOUR),
    ("fresh for four hours, two of them spent", {"Cache_Control": "max-age=14400", "Age": "7200"}, None, 2 * HOUR),
    ("expires in five hours", {"Expires": "Wed, 24 Sep 2025 02:00:00 GMT"}, None, 5 * HOUR),
    ("expires by the server's clock",
     {"Date": "Tue, 23 Sep 2025 09:00:00 GMT", "Expires": "Tue, 23 Sep 2025 12:00:00 GMT"}, None, 3 * HOUR),
    ("expired long ago", {"Expires": "Thu, 19 Nov 1981 08:52:00 GMT"}, None, HOUR),
    ("expires next year", {"Expires": "Wed, 24 Sep 2026 02:00:00 GMT"}, None, DAY),
    ("expires at no time", {"Expires": "0"}, None, HOUR),
    ("max-age goes before Expires",
     {"Cache_Control": "max-age=7200", "Expires": "Wed, 24 Sep 2025 20:00:00 GMT"}, None, 2 * HOUR),
    ("retry after ten seconds", {"Retry_After": "10"}, None, HOUR),
    ("retry after three hours", {"Retry_After": "10800"}, None, 3 * HOUR),
    ("retry after a date", {"Retry_After": "Wed, 24 Sep 2025 03:00:00 GMT"}, None, 6 * HOUR),
    ("retry after a date that has passed", {"Retry_After": "Mon, 01 Sep 2025 03:00:00 GMT"}, None, HOUR),
    ("retry in a thousand years", {"Retry_After": "999999999999"}, None, 30 * DAY),
    ("retry after a date in ten years", {"Retry_After": "Mon, 01 Sep 2035 03:00:00 GMT"}, None, 30 * DAY),
    ("retry in words", {"Retry_After": "soon"}, None, HOUR),
    ("retry before now", {"Retry_After": "-5"}, None, HOUR),
    ("a ttl of three hours", {}, 10_800.0, 3 * HOUR),
    ("a ttl of a minute", {}, 60.0, HOUR),
    ("a ttl of a year", {}, 3e7, DAY),
    ("the longest counts", {"Cache_Control": "max-age=7200", "Retry_After": "10800"}, 18_000.0, 5 * HOUR),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "asked", "pause"), [case[1:] for case in PAUSES], ids=[case[0] for case in PAUSES])
def test_what_a_server_asks_for_delays_and_never_hastens(headers, asked, pause):
    state = next_feed_state(FRESH, attempt(**headers), read(Outcome.FETCHED, asked=asked))
    assert state.next_due_at == NOW + pause


def test_what_a_feed_asked_for_holds_while_it_does_not_change():
    state = next_feed_state(FRESH, attempt(), read(Outcome.FETCHED, asked=10_800.0))
    known = ParsedFeed("f", "c", Outcome.UNCHANGED, format=None)
    assert next_feed_state(state, attempt(Outcome.UNCHANGED), known).next_due_at == NOW + 3 * HOUR
    assert next_feed_state(state, attempt(Outcome.NOT_MODIFIED), None).next_due_at == NOW + 3 * HOUR
    assert next_feed_state(state, attempt(), read(Outcome.FETCHED)).next_due_at == NOW + HOUR


def test_retry_after_delays_a_failing_feed_beyond_our_own_pause():
    assert after(FRESH, Outcome.HTTP_429, Retry_After="172800").next_due_at == NOW + 2 * DAY
    assert after(FRESH, Outcome.HTTP_429, Retry_After="5").next_due_at == NOW + 3 * HOUR


def test_an_error_page_that_is_fresh_delays_nothing():
    assert after(FRESH, Outcome.HTTP_5XX, Cache_Control="max-age=86400").next_due_at == NOW + 3 * HOUR


def test_a_feed_is_asked_as_often_as_its_pace_demands():
    state = next_feed_state(FRESH, attempt(), read(Outcome.FETCHED, *every(HOUR, 20)))
    assert state.next_due_at == NOW + 10 * HOUR
    assert state.items_per_hour == pytest.approx(1.05, abs=0.01)
    assert next_feed_state(state, attempt(Outcome.NOT_MODIFIED), None).next_due_at == NOW + 10 * HOUR


@pytest.mark.parametrize("outcome", [Outcome.FROZEN, Outcome.SILENT])
def test_frozen_and_silent_feeds_are_asked_four_times_a_day(outcome):
    assert after(FRESH, outcome).next_due_at == NOW + 6 * HOUR


def test_empty_polls_are_counted_in_a_row():
    state = FRESH
    for outcome, count in [
        (Outcome.EMPTY, 1),
        (Outcome.SILENT, 2),
        (Outcome.TIMEOUT, 2),
        (Outcome.SILENT, 3),
        (Outcome.FETCHED, 0),
    ]:
        state = after(state, outcome)
        assert state.empty_polls == count


def test_the_newest_item_is_remembered():
    state = next_feed_state(FRESH, attempt(), read(Outcome.FETCHED, NOW - DAY))
    assert state.newest_item_at == NOW - DAY
    older = next_feed_state(state, attempt(), read(Outcome.FETCHED, NOW - 5 * DAY))
    assert older.newest_item_at == NOW - DAY
    future = next_feed_state(state, attempt(), read(Outcome.FETCHED, NOW + 400 * DAY))
    assert future.newest_item_at == NOW - DAY


# --- promises ---

SECONDS = st.one_of(st.integers(0, 10_000), st.integers(0, 10**15)).map(str)
DATES = st.timedeltas(-5 * DAY, 400 * DAY).map(lambda ahead: lambda now: format_datetime(now + ahead, usegmt=False))
VALUES = st.one_of(st.none(), st.text(max_size=20), SECONDS, DATES)
ATTEMPTS = st.fixed_dictionaries(
    {
        "outcome": st.sampled_from(sorted(Outcome)),
        "retry_after": VALUES,
        "expires": VALUES,
        "cache_control": st.one_of(st.none(), st.text(max_size=20), SECONDS.map("max-age={}".format)),
        "age": st.one_of(st.none(), SECONDS),
        "asked": st.one_of(st.none(), st.floats(0, 1e12)),
        "pace": st.timedeltas(timedelta(), 10 * DAY),
        "count": st.integers(0, 30),
        "wait": st.one_of(st.timedeltas(timedelta(), 3 * HOUR), st.timedeltas(timedelta(), 40 * DAY)),
    }
)


def written(value: str | Callable[[datetime], str] | None, now: datetime) -> str:
    """Return a header's value; a date is one of that moment."""
    return value(now) if callable(value) else value or ""


def retry_promised(value: str, now: datetime) -> datetime:
    """Return the moment before which nobody may ask, said in another way than in the code."""
    if value.isascii() and value.isdigit():
        return now + min(int(value), 30 * 86_400) * SECOND
    try:
        until = datetime.strptime(value, "%a, %d %b %Y %H:%M:%S %z")
    except ValueError:
        return now
    return min(until, now + 30 * DAY)


@given(st.lists(ATTEMPTS, max_size=30))
def test_any_sequence_of_outcomes_keeps_the_promises(attempts):
    state, now, not_before = FRESH, NOW, NOW
    for made in attempts:
        now += made["wait"]
        if not is_due(state, now):
            assert state.next_due_at is not None
            now = state.next_due_at  # the first moment that is allowed is the one that could break a promise
        assert is_due(state, now)
        assert now >= not_before, "asked before Retry-After, or twice within an hour"
        outcome, retry = made["outcome"], written(made["retry_after"], now)
        headers = {
            "Retry_After": retry,
            "Expires": written(made["expires"], now),
            "Cache_Control": made["cache_control"] or "",
            "Age": made["age"] or "",
        }
        parsed = read(outcome, *every(made["pace"], made["count"], now), asked=made["asked"])
        state = next_feed_state(state, attempt(outcome, at=now, **headers), parsed)
        assert state.next_due_at is not None, "a feed was given up"
        may_be_long = retry_promised(retry, now) > now + DAY or state.failures >= 30
        assert now + HOUR <= state.next_due_at <= now + (30 * DAY if may_be_long else DAY)
        not_before = max(retry_promised(retry, now), now + HOUR)
    recovered = next_feed_state(state, attempt(at=now), read(Outcome.FETCHED))
    assert recovered.failures == 0
    assert recovered.next_due_at is not None
    assert recovered.next_due_at < now + DAY


@given(st.lists(st.timedeltas(timedelta(), timedelta(seconds=100)), min_size=2, max_size=48))
def test_an_hourly_poll_that_jitters_asks_every_hour_and_never_twice_within_one(jitters):
    """Each run starts some seconds after the hour, and waits with a feed that falls due within its lead."""
    state, asked = FRESH, []
    for hour, jitter in enumerate(jitters):
        start = NOW + hour * HOUR + jitter
        assert is_due(state, start, LEAD), "an hour was passed over"
        at = max(start, state.next_due_at or start)
        asked.append(at)
        state = next_feed_state(state, attempt(at=at), read(Outcome.FETCHED))
    assert all(later - earlier >= HOUR for earlier, later in pairwise(asked))
    assert asked[-1] - NOW < (len(jitters) - 1) * HOUR + LEAD, "the waits have added up"
