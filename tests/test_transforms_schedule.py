from dataclasses import replace
from datetime import UTC, datetime, timedelta

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
    digest,
)
from transforms.schedule import is_due, next_feed_state

NOW = datetime(2025, 9, 23, 21, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRESH = FeedState("f")
TIRED = FeedState("f", etag='W/"old"', last_modified="Mon, 01 Sep 2025 00:00:00 GMT", payload_digest="p", failures=3.0)
FAILURES = sorted(
    set(Outcome) - {Outcome.FETCHED, Outcome.NOT_MODIFIED, Outcome.UNCHANGED, Outcome.FROZEN, Outcome.EMPTY}
)


def attempt(outcome=Outcome.FETCHED, error=None, at=NOW, **headers) -> Capture:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    response = Response(outcome, "https://a.example/rss", 200, named, b"<rss/>", error=error)
    return Capture("c", Request(CaptureKind.FEED, "a", "https://a.example/rss", "f"), response, at, "w", 0)


def read(outcome: Outcome, newest: datetime | None = None) -> ParsedFeed:
    fields = dict.fromkeys(Entry.__dataclass_fields__)
    entries = (Entry(**{**fields, "published_at": newest, "seen_at": NOW}),) if newest else ()
    return ParsedFeed("f", "c", outcome, "rss20", entries)


def test_a_feed_never_asked_is_due():
    assert is_due(FRESH, NOW)


def test_after_a_success_it_is_asked_again_in_an_hour_and_not_before():
    state = next_feed_state(TIRED, attempt(), read(Outcome.FETCHED))
    assert state.failures == 0
    assert state.last_success_at == NOW
    assert not is_due(state, NOW + HOUR - timedelta(seconds=1))
    assert is_due(state, NOW + HOUR)


@pytest.mark.parametrize(
    ("outcome", "error", "weight"),
    [
        (Outcome.TIMEOUT, None, 0.5),
        (Outcome.CONNECT, None, 0.5),
        (Outcome.HTTP_5XX, None, 0.5),
        (Outcome.HTTP_429, None, 0.5),
        (Outcome.DNS, "Temporary failure in name resolution", 0.25),
        (Outcome.DNS, "Name or service not known", 1.0),
        (Outcome.MISSING, None, 1.0),
        (Outcome.HTTP_4XX, None, 1.0),
        (Outcome.TLS, None, 1.0),
        (Outcome.ROBOTS, None, 1.0),
        (Outcome.TOO_LARGE, None, 1.0),
    ],
)
def test_failures_weigh_by_their_kind(outcome, error, weight):
    state = next_feed_state(TIRED, attempt(outcome, error), None)
    assert state.failures == 3.0 + weight
    assert state.last_success_at is None
    assert state.last_outcome is outcome


@pytest.mark.parametrize(
    ("before", "pause"), [(0.0, 6 * HOUR), (1.0, 12 * HOUR), (2.0, 18 * HOUR), (3.0, DAY), (500.0, DAY)]
)
def test_pauses_grow_with_failures_to_a_day(before, pause):
    state = next_feed_state(replace(FRESH, failures=before), attempt(Outcome.MISSING), None)
    assert state.next_due_at == NOW + pause


def test_a_page_in_the_feeds_place_is_a_failure_and_leaves_the_validators():
    state = next_feed_state(TIRED, attempt(ETag='"of the error page"'), read(Outcome.NOT_A_FEED))
    assert state.failures == 4.0
    assert (state.etag, state.last_modified, state.payload_digest) == (TIRED.etag, TIRED.last_modified, "p")


def test_validators_are_renewed_by_200_byte_for_byte():
    state = next_feed_state(TIRED, attempt(ETag='W/"a b"', Last_Modified="not even a date"), read(Outcome.FETCHED))
    assert (state.etag, state.last_modified) == ('W/"a b"', "not even a date")
    assert state.payload_digest == digest(b"<rss/>")
    bare = next_feed_state(state, attempt(), read(Outcome.FETCHED))
    assert (bare.etag, bare.last_modified) == (None, None)


def test_validators_are_renewed_by_304_where_it_gives_them():
    state = next_feed_state(TIRED, attempt(Outcome.NOT_MODIFIED, ETag='"new"'), None)
    assert (state.etag, state.last_modified, state.payload_digest) == ('"new"', TIRED.last_modified, "p")
    assert state.failures == 0
    assert state.last_success_at == NOW


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Cache_Control": "public, max-age=7200"}, 2 * HOUR),
        ({"Cache_Control": "max-age=60"}, HOUR),
        ({"Cache_Control": "max-age=99999999999999"}, DAY),
        ({"Cache_Control": "no-cache"}, HOUR),
        ({"Retry_After": "10"}, HOUR),
        ({"Retry_After": "10800"}, 3 * HOUR),
        ({"Retry_After": "Wed, 24 Sep 2025 03:00:00 GMT"}, 6 * HOUR),
        ({"Retry_After": "Mon, 01 Sep 2025 03:00:00 GMT"}, HOUR),
        ({"Retry_After": "999999999999"}, 30 * DAY),
        ({"Retry_After": "soon"}, HOUR),
        ({"Retry_After": "-5"}, HOUR),
    ],
)
def test_what_a_server_asks_for_delays_and_never_hastens(headers, pause):
    assert next_feed_state(FRESH, attempt(**headers), read(Outcome.FETCHED)).next_due_at == NOW + pause


def test_retry_after_delays_a_failing_feed_beyond_our_own_pause():
    state = next_feed_state(FRESH, attempt(Outcome.HTTP_429, Retry_After="172800"), None)
    assert state.next_due_at == NOW + 2 * DAY


def test_empty_polls_are_counted_in_a_row():
    state = FRESH
    for outcome, count in [(Outcome.EMPTY, 1), (Outcome.EMPTY, 2), (Outcome.TIMEOUT, 2), (Outcome.FETCHED, 0)]:
        state = next_feed_state(state, attempt(outcome), read(outcome) if outcome is not Outcome.TIMEOUT else None)
        assert state.empty_polls == count


def test_the_newest_item_is_remembered():
    state = next_feed_state(FRESH, attempt(), read(Outcome.FETCHED, NOW - DAY))
    assert state.newest_item_at == NOW - DAY
    older = next_feed_state(state, attempt(), read(Outcome.FETCHED, NOW - 5 * DAY))
    assert older.newest_item_at == NOW - DAY
    future = next_feed_state(state, attempt(), read(Outcome.FETCHED, NOW + 400 * DAY))
    assert future.newest_item_at == NOW - DAY


@given(
    st.lists(st.sampled_from(FAILURES), max_size=30),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_a_poll_is_never_sooner_than_an_hour_nor_later_than_asked(outcomes, retry_after, cache_control):
    state = FRESH
    for outcome in outcomes:
        capture = attempt(outcome, Retry_After=retry_after, Cache_Control=cache_control)
        state = next_feed_state(state, capture, None)
        assert state.next_due_at is not None
        assert NOW + HOUR <= state.next_due_at <= NOW + 30 * DAY
    assert next_feed_state(state, attempt(), read(Outcome.FETCHED)).failures == 0
