"""Where feeds go on: links of RFC 5005 and JSON Feed, WordPress's pages, and what is no next page."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.paging import next_page
from transforms.records import Capture, CaptureKind, Outcome, Request, Response

URL = "https://ulak.example/feed/"
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
IN_RSS = 'xmlns:a="http://www.w3.org/2005/Atom"'
WORDPRESS = "<generator>https://wordpress.org/?v=6.6</generator>"


def rss(head: str, items: str = "<item><title>One</title></item>") -> str:
    return f'<rss version="2.0" {IN_RSS}><channel><title>Ulak</title>{head}{items}</channel></rss>'


def capture(body: str | bytes, url: str = URL, outcome: Outcome = Outcome.FETCHED) -> Capture:
    payload = body if isinstance(body, bytes) else body.encode()
    request = Request(CaptureKind.FEED, "ulak", URL, "ulak/en")
    return Capture("c", request, Response(outcome, url, 200, (), payload), datetime(2025, 9, 16, tzinfo=UTC), "", 0)


FEEDS = {
    "Atom, the next page": (f'<feed {ATOM}><link rel="next" href="/feed/2"/></feed>', "https://ulak.example/feed/2"),
    "Atom, the archive before": (
        f'<feed {ATOM}><link rel="prev-archive" href="2025/08.xml"/></feed>',
        "https://ulak.example/feed/2025/08.xml",
    ),
    "both: pages before archives": (
        f'<feed {ATOM}><link rel="prev-archive" href="/a"/><link rel="next" href="/b"/></feed>',
        "https://ulak.example/b",
    ),
    "RSS with Atom's link": (rss('<a:link rel="next" href="?page=2"/>'), "https://ulak.example/feed/?page=2"),
    "a link of an item is not the feed's": (rss("", '<item><a:link rel="next" href="/2"/></item>'), None),
    "a link that leads to itself": (rss(f'<a:link rel="next" href="{URL}"/>'), None),
    "a link to another site": (rss('<a:link rel="next" href="https://elsewhere.kz/2"/>'), None),
    "a link to a file": (rss('<a:link rel="next" href="file:///etc/passwd"/>'), None),
    "other links": (rss('<a:link rel="self" href="/2"/><a:link rel="last" href="/9"/>'), None),
    "JSON Feed": (
        '{"version": "https://jsonfeed.org/version/1.1", "next_url": "/2.json"}',
        "https://ulak.example/2.json",
    ),
    "JSON Feed without one": ('{"version": "https://jsonfeed.org/version/1.1", "next_url": 2}', None),
    "JSON that is broken": ('{"next_url": "/2.json"', None),
    "WordPress": (rss(WORDPRESS), "https://ulak.example/feed/?paged=2"),
    "WordPress in Atom": (
        f'<feed {ATOM}><generator uri="https://wordpress.org/">WordPress</generator></feed>',
        "https://ulak.example/feed/?paged=2",
    ),
    "WordPress that names its next page": (
        rss(WORDPRESS + '<a:link rel="next" href="/n"/>'),
        "https://ulak.example/n",
    ),
    "another generator": (rss("<generator>Bitrix</generator>"), None),
    "WordPress in an item": (rss("", "<item><generator>WordPress</generator></item>"), None),
    "an HTML page of WordPress": ("<html><head><generator>WordPress</generator></head></html>", None),
    "a broken feed": (rss(WORDPRESS)[:-40], "https://ulak.example/feed/?paged=2"),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("body", "expected"), FEEDS.values(), ids=FEEDS.keys())
def test_next_page(body: str, expected: str | None) -> None:
    assert next_page(capture(body)) == expected


NUMBERS = {
    "the third after the second": (f"{URL}?paged=2", f"{URL}?paged=3"),
    "other parameters stay": ("https://ulak.example/?feed=rss2&paged=4", "https://ulak.example/?feed=rss2&paged=5"),
    "a number that is none": (f"{URL}?paged=last", None),
}


@pytest.mark.parametrize(("url", "expected"), NUMBERS.values(), ids=NUMBERS.keys())
def test_pages_of_wordpress_are_counted(url: str, expected: str | None) -> None:
    assert next_page(capture(rss(WORDPRESS), url)) == expected


def test_what_was_not_had_names_no_page() -> None:
    assert next_page(capture(rss(WORDPRESS), outcome=Outcome.NOT_MODIFIED)) is None


@given(st.binary(max_size=200), st.sampled_from(["", "{", f"<feed {ATOM}><link rel='next' href='"]))
def test_no_bytes_make_it_raise(payload: bytes, head: str) -> None:
    next_page(capture(head.encode() + payload))
