"""Gaps are filled and corrections found: the stages of a night on small recordings, in a real home folder."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from flows.context import open_run
from flows.fetching import feeds_due, fetch_group, groups_of, pages_due, robots_known
from flows.filling import fill_gaps, has_gaps
from flows.loading import load_pending
from flows.settings import load_settings
from transforms.records import digest

Rows = list[tuple[Any, ...]]
Night = Callable[..., Rows]

SITE = "https://ulak.example"
FEED = f"{SITE}/en/feed.xml"
NIGHT = datetime(2025, 9, 16, 21, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CATALOGUE = f"""
[[outlet]]
id = "ulak"
name = "Ulak"
country = "KZ"
languages = ["en"]
kind = "online"
time_zone = "Asia/Almaty"
home_url = "{SITE}/"
[[outlet.feed]]
url = "{FEED}"
language = "en"
monitored_since = 2025-09-16
confirmation = "composed for a test"
"""
WORDS = (
    "The town council of Zharkent has opened a reading room in the old railway station, where pupils of four schools "
    "may borrow books until nine in the evening. Volunteers painted the walls in spring, and a carpenter from the next "
    "village built the shelves without asking for a fee. The room is heated in winter."
)


@dataclass
class Recording:
    """A recording that is written answer by answer."""

    folder: Path
    lines: list[dict[str, object]] = field(default_factory=list)

    def answer(self, at: datetime, url: str, body: str | bytes | None, status: int = 200, **headers: str) -> None:
        name = f"{len(self.lines)}.body"
        if body is not None:
            (self.folder / name).write_bytes(body if isinstance(body, bytes) else body.encode())
        self.lines.append(
            {
                "at": at.isoformat(),
                "url": url,
                "status": status,
                "headers": {key.replace("_", "-"): value for key, value in headers.items()},
                "body": name if body is not None else None,
            }
        )
        (self.folder / "index.jsonl").write_text("".join(json.dumps(line) + "\n" for line in self.lines), "utf-8")

    def article(self, number: int, at: datetime, text: str = WORDS, **headers: str) -> None:
        self.answer(at, address(number), page(number, text), Content_Type="text/html; charset=utf-8", **headers)


def address(number: int) -> str:
    return f"{SITE}/en/news/{number}"


def page(number: int, text: str, canonical: str | None = None) -> str:
    return (
        f'<html><head><title>Item {number}</title><link rel="canonical" href="{canonical or address(number)}"></head>'
        f"<body><article><h1>Item {number} of the day</h1><p>{text} This is item {number}.</p></article></body></html>"
    )


def published(number: int) -> datetime:
    """When an item appears: one every two hours."""
    return NIGHT + timedelta(hours=2 * number - 11)


def feed(numbers: range | list[int], head: str = "", links: dict[int, str] | None = None) -> str:
    items = "".join(
        f"<item><title>Item {number} of the day</title><link>{(links or {}).get(number, address(number))}</link>"
        f"<guid>{number}</guid><pubDate>{published(number):%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for number in sorted(numbers, reverse=True)
    )
    namespace = 'xmlns:atom="http://www.w3.org/2005/Atom"'
    return f'<rss version="2.0" {namespace}><channel><title>Ulak</title>{head}{items}</channel></rss>'


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    folder = tmp_path / "recording"
    folder.mkdir()
    return Recording(folder)


@pytest.fixture
def new_night(tmp_path: Path, recording: Recording) -> Callable[[], Night]:
    """Make a home folder at each call, and return what does a night's feeds, gaps and pages in it."""

    def make() -> Night:
        home = Path(tempfile.mkdtemp(dir=tmp_path))
        (home / "monitor.toml").write_text('catalogue = "outlets.toml"\n[housekeeping]\nmin_free_bytes = 0\n', "utf-8")
        (home / "outlets.toml").write_text(CATALOGUE, "utf-8")
        return partial(run_night, home, recording.folder)

    return make


@pytest.fixture
def night(new_night: Callable[[], Night]) -> Night:
    """Do a night's feeds, gaps and pages at a moment, and return the rows of a query."""
    return new_night()


def run_night(home: Path, recording: Path, at: datetime, query: str = "SELECT 1") -> Rows:
    settings = load_settings(home, environment={}, recording=recording)
    with open_run("nightly", settings, at) as context:
        load_pending(context)
        (group,) = groups_of(context.outlets, 12)
        fetch_group(context, group, feeds_due(context, group), "feeds", robots_known(context))
        load_pending(context)
        if has_gaps(context):
            fill_gaps(context)
        wanted = [request for requests in pages_due(context).values() for request in requests]
        fetch_group(context, group, wanted, "pages", robots_known(context))
        load_pending(context)
        return context.warehouse.execute(query).fetchall()


ASKED = "SELECT kind, url, outcome FROM raw.fetches WHERE kind IN ('feed_page', 'sitemap') ORDER BY ALL"
FILLED = "SELECT filled_by, entries_filled, is_filled FROM ops.coverage ORDER BY polled_at"
ARTICLES = "SELECT canonical_url FROM core.articles ORDER BY ALL"


def two_nights_with_a_gap(recording: Recording, head: str = "") -> None:
    """A feed of five items that shows 1–5 in one night and 13–17 in the next: 6–12 were missed."""
    for number in range(1, 18):
        recording.article(number, published(number))
    recording.answer(NIGHT - DAY, FEED, feed(range(1, 6)))
    recording.answer(NIGHT + timedelta(hours=1), FEED, feed(range(13, 18), head))


NEXT = '<atom:link rel="next" href="{}"/>'
WORDPRESS = "<generator>https://wordpress.org/?v=6.6</generator>"


def test_a_gap_is_filled_from_the_pages_that_the_feed_names(recording: Recording, night: Night) -> None:
    two_nights_with_a_gap(recording, NEXT.format("/en/feed.xml?page=2"))
    recording.answer(NIGHT, f"{FEED}?page=2", feed(range(8, 13), NEXT.format("/en/feed.xml?page=3")))
    recording.answer(NIGHT, f"{FEED}?page=3", feed(range(3, 8), NEXT.format("/en/feed.xml?page=4")))
    night(NIGHT)
    assert night(NIGHT + DAY, FILLED)[-1] == ("feed_page", 7, True)
    asked = night(NIGHT + DAY, ASKED)
    assert asked == [("feed_page", f"{FEED}?page=2", "fetched"), ("feed_page", f"{FEED}?page=3", "fetched")]
    assert len(night(NIGHT + DAY, ARTICLES)) == 17


def test_a_gap_is_filled_from_the_pages_of_wordpress(recording: Recording, night: Night) -> None:
    two_nights_with_a_gap(recording, WORDPRESS)
    recording.answer(NIGHT, f"{FEED}?paged=2", feed(range(8, 13), WORDPRESS))
    recording.answer(NIGHT, f"{FEED}?paged=3", None, status=404)
    night(NIGHT)
    assert night(NIGHT + DAY, FILLED)[-1] == ("feed_page", 5, False)
    asked = night(NIGHT + DAY, ASKED)
    assert asked == [("feed_page", f"{FEED}?paged=2", "fetched"), ("feed_page", f"{FEED}?paged=3", "missing")]


def sitemap(*pages: tuple[str, datetime | None]) -> str:
    listed = "".join(
        f"<url><loc>{url}</loc>{f'<lastmod>{at.isoformat()}</lastmod>' if at else ''}</url>" for url, at in pages
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'


def index(*sitemaps: tuple[str, str]) -> str:
    listed = "".join(f"<sitemap><loc>{url}</loc><lastmod>{at}</lastmod></sitemap>" for url, at in sitemaps)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'


def test_a_gap_is_filled_from_the_sitemaps_that_robots_names(recording: Recording, night: Night) -> None:
    two_nights_with_a_gap(recording)
    robots = f"User-agent: *\nDisallow: /admin\nSitemap: {SITE}/sitemap.xml\n"
    recording.answer(NIGHT - DAY, f"{SITE}/robots.txt", robots, Content_Type="text/plain")
    parts = index((f"{SITE}/old.xml", "2024-01-01"), (f"{SITE}/new.xml.gz", "2025-09-17"))
    recording.answer(NIGHT, f"{SITE}/sitemap.xml", parts)
    others = [(f"{SITE}/en/tag", published(9)), (f"{SITE}/ru/news/99", published(9)), (address(90), None)]
    listed = sitemap(*((address(number), published(number)) for number in range(1, 18)), *others)
    recording.answer(NIGHT, f"{SITE}/new.xml.gz", gzip.compress(listed.encode()))
    night(NIGHT)
    assert night(NIGHT + DAY, FILLED)[-1] == ("sitemap", 7, False)
    asked = night(NIGHT + DAY, ASKED)
    assert asked == [("sitemap", f"{SITE}/new.xml.gz", "fetched"), ("sitemap", f"{SITE}/sitemap.xml", "fetched")]
    assert night(NIGHT + DAY, ARTICLES) == sorted((address(number),) for number in range(1, 18))


def test_a_gap_that_cannot_be_filled_is_looked_after_once(recording: Recording, night: Night) -> None:
    two_nights_with_a_gap(recording)
    recording.answer(NIGHT - DAY, f"{SITE}/robots.txt", f"Sitemap: {SITE}/gone.xml", Content_Type="text/plain")
    night(NIGHT)
    assert night(NIGHT + DAY, FILLED)[-1] == (None, 0, False)
    assert night(NIGHT + DAY, ASKED) == night(NIGHT + DAY, ASKED) == [("sitemap", f"{SITE}/gone.xml", "missing")]


EVERYTHING = (
    "SELECT * FROM raw.captures ORDER BY ALL",
    "SELECT * FROM raw.feed_entries ORDER BY ALL",
    "SELECT * FROM ops.coverage ORDER BY ALL",
)


def test_filling_that_was_interrupted_ends_the_same(
    recording: Recording, night: Night, new_night: Callable[[], Night], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interruption comes when a round's answers are on the disk and not loaded yet."""
    two_nights_with_a_gap(recording, NEXT.format("/en/feed.xml?page=2"))
    recording.answer(NIGHT, f"{FEED}?page=2", feed(range(8, 13), NEXT.format("/en/feed.xml?page=3")))
    recording.answer(NIGHT, f"{FEED}?page=3", feed(range(3, 8)))
    night(NIGHT)
    whole = [night(NIGHT + DAY, query) for query in EVERYTHING]
    other = new_night()
    other(NIGHT)
    with monkeypatch.context() as patch:
        patch.setattr("flows.filling.load_pending", interrupted)
        with pytest.raises(KeyboardInterrupt):
            other(NIGHT + DAY)
    assert [other(NIGHT + DAY, query) for query in EVERYTHING] == whole


def interrupted(_context: object) -> None:
    raise KeyboardInterrupt


def test_what_fills_a_gap_leaves_the_feed_as_it_was(recording: Recording, night: Night) -> None:
    two_nights_with_a_gap(recording, NEXT.format("/en/feed.xml?page=2"))
    recording.answer(NIGHT, f"{FEED}?page=2", feed(range(3, 13)), ETag='"page"')
    night(NIGHT)
    query = "SELECT etag, payload_digest, poll_count FROM ops.feed_state JOIN mart.coverage USING (feed_id)"
    body = feed(range(13, 18), NEXT.format("/en/feed.xml?page=2")).encode()
    assert night(NIGHT + DAY, query + " ORDER BY night DESC LIMIT 1") == [(None, digest(body), 1)]


def test_a_night_without_a_gap_asks_for_nothing_more(recording: Recording, night: Night) -> None:
    for number in range(1, 9):
        recording.article(number, published(number))
    recording.answer(NIGHT - DAY, FEED, feed(range(1, 6)))
    recording.answer(NIGHT + timedelta(hours=1), FEED, feed(range(4, 9), NEXT.format("/en/feed.xml?page=2")))
    night(NIGHT)
    assert night(NIGHT + DAY, ASKED) == []
    assert night(NIGHT + DAY, FILLED)[-1] == (None, None, None)


VISITS = "SELECT outcome, was_conditional FROM raw.fetches WHERE kind = 'page' ORDER BY attempted_at"
REVISIONS = "SELECT ordinal FROM core.article_revisions ORDER BY ordinal"


def test_a_correction_is_found_by_looking_again(recording: Recording, night: Night) -> None:
    """The feed never says that the article has changed; after one day it is as it was, after three it is corrected."""
    recording.answer(NIGHT - DAY, FEED, feed([1]), ETag='"feed"')
    recording.article(1, NIGHT - DAY, ETag='"one"', Last_Modified="Mon, 15 Sep 2025 21:00:00 GMT")
    recording.article(1, NIGHT + 2 * DAY, WORDS.replace("four schools", "five schools"), ETag='"two"')
    for day in range(9):
        night(NIGHT + day * DAY)
    assert night(NIGHT + 8 * DAY, VISITS) == [
        ("fetched", False),
        ("not_modified", True),
        ("fetched", True),
        ("not_modified", True),
    ]
    assert night(NIGHT + 8 * DAY, REVISIONS) == [(1,), (2,)]
    text = "SELECT text FROM core.articles JOIN core.article_revisions USING (revision_id)"
    assert "five schools" in night(NIGHT + 8 * DAY, text)[0][0]


def test_bytes_that_were_read_before_are_not_read_again(recording: Recording, night: Night) -> None:
    recording.answer(NIGHT - DAY, FEED, feed([1]))
    recording.article(1, NIGHT - DAY)
    night(NIGHT)
    assert night(NIGHT + DAY, VISITS) == [("fetched", False), ("unchanged", False)]


def test_two_addresses_of_one_article_are_one_article(recording: Recording, night: Night) -> None:
    """A short link that redirects, and an AMP page: the pages name the same canonical address."""
    amp = f"{SITE}/en/amp-news?id=1"
    links = {1: f"{SITE}/s/1", 2: amp}
    recording.answer(NIGHT - DAY, FEED, feed([1, 2, 3], links=links))
    recording.answer(NIGHT - DAY, f"{SITE}/s/1", None, status=301, Location=address(1))
    recording.article(1, NIGHT - DAY)
    recording.answer(NIGHT - DAY, amp, page(1, WORDS), Content_Type="text/html")
    recording.article(3, NIGHT - DAY, "Hail has broken the roofs of eleven greenhouses near Taraz on Sunday night.")
    night(NIGHT)
    assert night(NIGHT + DAY, ARTICLES) == [(address(1),), (address(3),)]
    aliases = "SELECT count(*), count(DISTINCT canonical_article_id) FROM core.article_aliases"
    assert night(NIGHT + DAY, aliases) == [(2, 1)]


def test_an_address_that_every_page_names_makes_nothing_one(recording: Recording, night: Night) -> None:
    texts = {
        1: WORDS,
        2: "Hail has broken the roofs of eleven greenhouses near Taraz, and insurers will not pay for it.",
    }
    recording.answer(NIGHT - DAY, FEED, feed([1, 2]))
    for number, text in texts.items():
        recording.answer(NIGHT - DAY, address(number), page(number, text, f"{SITE}/en/news"), Content_Type="text/html")
    night(NIGHT)
    assert len(night(NIGHT + DAY, ARTICLES)) == 2
