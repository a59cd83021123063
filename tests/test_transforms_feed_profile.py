"""What one look at a feed tells: pace and window, language, whole articles or teasers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from transforms.feed_profile import carries_whole_articles, is_as_declared, profile_feed
from transforms.feeds import parse_feed
from transforms.records import Capture, CaptureKind, Feed, FeedState, Outcome, Outlet, Request, Response

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
URL = "https://hill.example/rss"
FEED = Feed("hill/ru", "hill", URL, "ru", NOW.date(), "answered")
OUTLET = Outlet("hill", "Hill", None, "KG", ("ru", "ky"), "online", None, None, None, "Asia/Bishkek", None, (FEED,))
RUSSIAN = "Министры обсудили обмен новостями между агентствами двух стран"
KYRGYZ = "Президент Кыргызстандын маалымат агенттиктери менен жолугушту"
PARAGRAPH = "The two agencies agreed to share pictures and reports for a year. " * 15


def rss(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>Hill</title>{''.join(items)}</channel></rss>".encode()


def item(number: int, hours: float | None, title: str = RUSSIAN, more: str = "") -> str:
    date = "" if hours is None else f"<pubDate>{(NOW - timedelta(hours=hours)).isoformat()}</pubDate>"
    return f"<item><title>{title} {number}</title><link>https://hill.example/{number}</link>{date}{more}</item>"


def profile_of(payload: bytes):  # type: ignore[no-untyped-def]
    response = Response(Outcome.FETCHED, URL, 200, (), payload)
    capture = Capture("c", Request(CaptureKind.FEED, "hill", URL, "hill/ru"), response, NOW, "a", 0)
    return profile_feed(parse_feed(capture, FEED, OUTLET, FeedState("hill/ru")), capture)


def test_a_steady_feed_has_its_pace_and_window() -> None:
    profile = profile_of(rss(*(item(number, number * 2 + 1) for number in range(24))))
    assert profile.items == 24
    assert profile.newest_at == NOW - timedelta(hours=1)
    assert profile.items_per_day == pytest.approx(12, rel=0.05)
    assert profile.window_hours == pytest.approx(48, rel=0.05)


@pytest.mark.parametrize(
    ("situation", "items"),
    [
        ("no items", []),
        ("no dates", [item(number, None) for number in range(5)]),
        ("dated by the clock", [item(number, 0) for number in range(5)]),
    ],
)
def test_a_feed_without_usable_dates_has_no_pace(situation: str, items: list[str]) -> None:
    profile = profile_of(rss(*items))
    assert (profile.items_per_day, profile.window_hours) == (None, None), situation


def test_an_answer_that_is_no_feed_tells_nothing() -> None:
    profile = profile_of(b"<!DOCTYPE html><html><body>Hill</body></html>")
    assert (profile.items, profile.language, profile.has_full_text) == (0, None, None)


def test_the_language_is_that_of_most_items_with_the_share_of_each() -> None:
    items = [item(number, number + 1, RUSSIAN if number % 4 else KYRGYZ) for number in range(8)]
    profile = profile_of(rss(*items))
    assert profile.languages == (("ru", 0.75), ("ky", 0.25))
    assert profile.language == "ru"


@pytest.mark.parametrize(
    ("declared", "expected"), [(("ru",), True), (("ky", "ru"), True), (("ky",), False), (("ru-RU",), True)]
)
def test_measured_is_held_against_declared(declared: tuple[str, ...], expected: bool) -> None:
    assert is_as_declared(profile_of(rss(item(1, 1))), declared) is expected


def encoded(field: str, text: str) -> str:
    return f"<description>Teaser.</description><{field}><![CDATA[<p>{text}</p>]]></{field}>"


JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "items": [{"id": "1", "content_html": f"<p>{PARAGRAPH}</p>"}],
}
ATOM_NS = "http://www.w3.org/2005/Atom"
ATOM = f"<feed xmlns='{ATOM_NS}'><entry><content type='xhtml'><div>{PARAGRAPH}</div></content></entry></feed>"
TEXTS: dict[str, tuple[bytes, bool]] = {
    "a description alone": (rss(item(1, 1, more="<description>Teaser.</description>")), False),
    "content:encoded": (rss(item(1, 1, more=encoded("content:encoded", PARAGRAPH))), True),
    "yandex:full-text": (rss(item(1, 1, more=encoded("yandex:full-text", PARAGRAPH))), True),
    "a long description": (rss(item(1, 1, more=f"<description>{PARAGRAPH}</description>")), True),
    "a long text that breaks off": (rss(item(1, 1, more=encoded("content:encoded", PARAGRAPH + "… Read more"))), False),
    "one long item among teasers": (
        rss(item(1, 1), item(2, 2), item(3, 3, more=encoded("content:encoded", PARAGRAPH))),
        False,
    ),
    "Chinese of 300 signs": (rss(item(1, 1, more=encoded("content:encoded", "两国通讯社签署合作协议。" * 25))), True),
    "Atom with nested markup": (ATOM.encode(), True),
    "JSON Feed": (json.dumps(JSON_FEED).encode(), True),
    "JSON that is none": (b"{", False),
    "nothing": (b"", False),
}


@pytest.mark.parametrize("situation", TEXTS)
def test_whole_articles_are_told_from_teasers(situation: str) -> None:
    payload, expected = TEXTS[situation]
    assert carries_whole_articles(payload) is expected
