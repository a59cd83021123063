"""Validators byte for byte, the weekly probe, and the servers that it catches."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from transforms.records import Capture, CaptureKind, Entry, FeedState, Outcome, ParsedFeed, Request, Response, digest
from transforms.schedule import next_feed_state
from transforms.validators import validators_to_send

NOW = datetime(2025, 9, 23, 21, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL = "https://a.example/rss"
DATE = "Tue, 23 Sep 2025 20:00:00 GMT"
KNOWN = FeedState(
    "f", '"one"', DATE, "p", validators_url=URL, probed_at=NOW - DAY, newest_item_at=NOW - 3 * DAY, items_digest="i"
)


def answer(body=b"<rss/>", *, outcome=Outcome.FETCHED, sent=(None, None), url=URL, at=NOW, **headers) -> Capture:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items() if value is not None)
    response = Response(outcome, url, 304 if outcome is Outcome.NOT_MODIFIED else 200, named, body)
    return Capture("c", Request(CaptureKind.FEED, "a", url, "f", *sent), response, at, "w", 0)


def read(*titles: str, outcome=Outcome.FETCHED, published=NOW) -> ParsedFeed:
    fields = dict.fromkeys(Entry.__dataclass_fields__)
    entries = tuple(Entry(**{**fields, "entry_id": title, "published_at": published}) for title in titles)
    return ParsedFeed("f", "c", outcome, "rss20", entries)


UNCHANGED = ParsedFeed("f", "c", Outcome.UNCHANGED, format=None)

SENT = [
    ("known and trusted", KNOWN, URL, NOW, ('"one"', DATE)),
    ("never asked", FeedState("f"), URL, NOW, (None, None)),
    ("caught lying", replace(KNOWN, are_validators_trusted=False), URL, NOW, (None, None)),
    ("the feed has moved", KNOWN, "https://a.example/feed", NOW, (None, None)),
    ("a week after the last probe", KNOWN, URL, NOW + 6 * DAY, (None, None)),
    ("just before that", KNOWN, URL, NOW + 6 * DAY - HOUR, ('"one"', DATE)),
    ("nothing was given", replace(KNOWN, etag=None, last_modified=None), URL, NOW, (None, None)),
]


@pytest.mark.parametrize(("state", "url", "now", "sent"), [case[1:] for case in SENT], ids=[case[0] for case in SENT])
def test_what_is_sent(state, url, now, sent):
    assert validators_to_send(state, url, now) == sent


def test_validators_are_renewed_by_200_byte_for_byte():
    state = next_feed_state(KNOWN, answer(ETag='W/"a b"', Last_Modified="not even a date"), read("x"))
    assert (state.etag, state.last_modified) == ('W/"a b"', "not even a date")
    assert state.payload_digest == digest(b"<rss/>")
    bare = next_feed_state(state, answer(), read("x"))
    assert (bare.etag, bare.last_modified) == (None, None)


def test_validators_are_renewed_though_the_body_did_not_change():
    state = next_feed_state(KNOWN, answer(ETag='"two"', Last_Modified="later"), UNCHANGED)
    assert (state.etag, state.last_modified) == ('"two"', "later")


@pytest.mark.parametrize("parsed", [None, replace(UNCHANGED, outcome=Outcome.FROZEN)])
def test_validators_are_renewed_by_304_where_it_gives_them(parsed):
    state = next_feed_state(KNOWN, answer(b"", outcome=Outcome.NOT_MODIFIED, ETag='"new"'), parsed)
    assert (state.etag, state.last_modified, state.payload_digest) == ('"new"', DATE, "p")
    assert state.failures == 0
    assert state.last_success_at == NOW


@pytest.mark.parametrize("outcome", [Outcome.NOT_A_FEED, Outcome.UNPARSABLE])
def test_an_answer_that_is_no_feed_leaves_the_validators(outcome):
    state = next_feed_state(KNOWN, answer(ETag='"of the error page"'), read(outcome=outcome))
    assert (state.etag, state.last_modified, state.payload_digest) == (KNOWN.etag, DATE, "p")


def test_only_a_whole_answer_is_a_probe():
    assert next_feed_state(KNOWN, answer(), read("x")).probed_at == NOW
    assert next_feed_state(KNOWN, answer(sent=('"one"', None)), read("x")).probed_at == NOW - DAY
    assert next_feed_state(KNOWN, answer(outcome=Outcome.TIMEOUT), None).probed_at == NOW - DAY


WEAK = replace(KNOWN, etag='W/"one"')
DATED = replace(KNOWN, etag=None)
SAID_NOT_MODIFIED = replace(KNOWN, not_modified_at=NOW - HOUR)
SAME_ITEMS = digest("x")
TRUST = [
    ("another tag with other bytes", KNOWN, {"ETag": '"two"'}, NOW, True),
    ("the same tag with other bytes", KNOWN, {"ETag": '"one"', "Last_Modified": DATE}, NOW, False),
    ("the same tag with other bytes and another date", KNOWN, {"ETag": '"one"'}, NOW, False),
    ("the same weak tag with other items", WEAK, {"ETag": 'W/"one"'}, NOW, False),
    ("the same weak tag with other bytes", replace(WEAK, items_digest=SAME_ITEMS), {"ETag": 'W/"one"'}, NOW, True),
    ("the same date with other items", DATED, {"Last_Modified": DATE}, NOW, False),
    ("the same date with other bytes", replace(DATED, items_digest=SAME_ITEMS), {"Last_Modified": DATE}, NOW, True),
    ("no validators at all", replace(DATED, last_modified=None), {}, NOW, True),
    ("called unmodified with an item of a day", SAID_NOT_MODIFIED, {"ETag": '"two"'}, NOW - 2 * DAY, False),
    ("called unmodified, and news since", SAID_NOT_MODIFIED, {"ETag": '"two"'}, NOW, True),
    ("called unmodified, and an item of the hour before", SAID_NOT_MODIFIED, {"ETag": '"two"'}, NOW - HOUR, True),
    ("called unmodified, and only what was known", SAID_NOT_MODIFIED, {"ETag": '"two"'}, NOW - 5 * DAY, True),
    ("caught before", replace(KNOWN, are_validators_trusted=False), {"ETag": '"two"'}, NOW, False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "headers", "published", "is_trusted"), [case[1:] for case in TRUST], ids=[case[0] for case in TRUST]
)
def test_who_is_trusted(state, headers, published, is_trusted):
    after = next_feed_state(state, answer(b"<rss>other</rss>", **headers), read("x", published=published))
    assert after.are_validators_trusted is is_trusted


@pytest.mark.parametrize(
    ("ages", "is_trusted"),
    [((0.5, 1.5), True), ((3, 4, 5), True), ((0.1, 1, 2, 3), False), ((5, 6, 7, 8), False), ((-9, 0.5), True)],
    ids=["since then", "dated back, or in another zone", "over three hours", "the same in another zone", "announced"],
)
def test_news_over_a_longer_time_than_has_passed_was_hidden(ages, is_trusted):
    fields = dict.fromkeys(Entry.__dataclass_fields__)
    entries = tuple(Entry(**{**fields, "entry_id": str(age), "published_at": NOW - age * HOUR}) for age in ages)
    parsed = ParsedFeed("f", "c", Outcome.FETCHED, "rss20", entries)
    after = next_feed_state(SAID_NOT_MODIFIED, answer(b"<rss>other</rss>", ETag='"two"'), parsed)
    assert after.are_validators_trusted is is_trusted


def test_another_address_begins_with_trust():
    caught = replace(KNOWN, are_validators_trusted=False)
    after = next_feed_state(caught, answer(url="https://a.example/feed", ETag='"one"'), read("x"))
    assert after.are_validators_trusted
    assert after.validators_url == "https://a.example/feed"


@pytest.mark.parametrize("shown", [3, 10], ids=["showing three items", "showing ten"])
def test_a_server_that_says_not_modified_for_ever_is_found_within_a_week_and_asked_whole_from_then_on(shown):
    """It publishes an item every third of a day, is asked every hour, and answers 304 to every validator."""
    items = [NOW + number * DAY / 3 for number in range(-shown, 40)]
    state, now = FeedState("f"), NOW
    for _ in range(10 * 24):
        sent = validators_to_send(state, URL, now)
        if sent == (None, None):
            times = [time for time in items if time < now - 2 * HOUR][-shown:]
            fields = dict.fromkeys(Entry.__dataclass_fields__)
            entries = tuple(Entry(**{**fields, "entry_id": str(time), "published_at": time}) for time in times)
            capture = answer(str(now).encode(), at=now, ETag=f'"{times[-1]}"')
            state = next_feed_state(state, capture, ParsedFeed("f", "c", Outcome.FETCHED, "rss20", entries))
        else:
            state = next_feed_state(state, answer(b"", outcome=Outcome.NOT_MODIFIED, sent=sent, at=now), None)
        now += HOUR
    assert state.probed_at == now - HOUR
    assert not state.are_validators_trusted


def test_an_honest_server_is_trusted_through_its_probes():
    """It publishes an item a day under a tag of its own, and is asked every three hours for three weeks."""
    state, now, probes = FeedState("f"), NOW, 0
    for _ in range(8 * 21):
        sent = validators_to_send(state, URL, now)
        day = now - (now - NOW) % DAY
        if sent[0] == f'"{day}"':
            state = next_feed_state(state, answer(b"", outcome=Outcome.NOT_MODIFIED, sent=sent, at=now), None)
        else:
            probes += sent == (None, None)
            capture = answer(str(day).encode(), sent=sent, at=now, ETag=f'"{day}"')
            parsed = read(str(day), published=day)
            is_known = state.payload_digest == digest(capture.response.payload)
            state = next_feed_state(state, capture, UNCHANGED if is_known else parsed)
        now += 3 * HOUR
    assert state.are_validators_trusted
    assert probes == 3
