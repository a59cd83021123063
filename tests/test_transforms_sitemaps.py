"""Sitemaps and robots.txt as strangers write them: what is read, what is passed over, what is refused."""

import gzip
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.sitemaps import MAX_URLS, Listed, read_sitemap, sitemaps_of_robots

URL = "https://ulak.example/sitemap.xml"
ZONE = ZoneInfo("Asia/Almaty")
PLAIN = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = f'{PLAIN} xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
ONE = (
    f"<urlset {PLAIN}><url><loc>https://ulak.example/1</loc><lastmod>2025-09-16T10:00:00+05:00</lastmod></url></urlset>"
)
AT = datetime(2025, 9, 16, 5, tzinfo=UTC)
PAGE = Listed("https://ulak.example/1", AT)
BOMB = (
    '<!DOCTYPE u [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + f"]><urlset {PLAIN}><url><loc>https://ulak.example/&i;</loc></url></urlset>"
)
OUTSIDE = f'<!DOCTYPE u [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset {PLAIN}><url><loc>&a;</loc></url></urlset>'

NEWS_ONE = (
    f"<urlset {NEWS}><url><loc>https://ulak.example/1</loc><image:image><image:loc>https://ulak.example/1.jpg"
    "</image:loc><image:title>Picture</image:title></image:image><lastmod>2025-09-20</lastmod><n:news><n:publication>"
    "<n:name>Ulak</n:name><n:language>ru</n:language></n:publication><n:publication_date>2025-09-16T10:00:00+05:00"
    "</n:publication_date><n:title>Headline</n:title></n:news></url></urlset>"
)

SITEMAPS = {
    "a plain one": (ONE, [PAGE]),
    "packed": (gzip.compress(ONE.encode()), [PAGE]),
    "without a namespace": (ONE.replace(PLAIN, ""), [PAGE]),
    "with a byte order mark and white space": ("\ufeff\n  " + ONE, [PAGE]),
    "addresses in lines of their own": (ONE.replace("<loc>", "<loc>\n  ").replace("</loc>", "\n</loc>"), [PAGE]),
    "a date without an hour": (
        ONE.replace("2025-09-16T10:00:00+05:00", "2025-09-16"),
        [Listed(PAGE.url, datetime(2025, 9, 15, 19, tzinfo=UTC), is_whole_day=True)],
    ),
    "a date that is none": (ONE.replace("2025-09-16T10:00:00+05:00", "yesterday"), [Listed(PAGE.url)]),
    "a news sitemap, with a picture that has a title": (
        NEWS_ONE,
        [Listed(PAGE.url, AT, is_news=True, title="Headline", language="ru")],
    ),
    "pages of other sites are passed over": (ONE.replace("ulak.example/1", "elsewhere.kz/1"), []),
    "an address that is none": (ONE.replace("https://ulak.example/1", "javascript:alert(1)"), []),
    "cut short": (ONE.replace("</url></urlset>", "<url><loc>https://ul"), [PAGE]),
    "an HTML page": ("<html><body><p>Not found</p></body></html>", []),
    "a feed": ('<rss version="2.0"><channel><item><link>https://ulak.example/1</link></item></channel></rss>', []),
    "nothing": ("", []),
    "bytes that are no text": (bytes(range(256)), []),
    "broken gzip": (gzip.compress(ONE.encode())[:20] + b"xxxx", []),
    "a bomb of entities": (BOMB, [Listed("https://ulak.example/")]),
    "an entity that names a file": (OUTSIDE, []),
    "gzip that unpacks to more than anyone needs": (gzip.compress(bytes(30_000_000)), []),
}


@pytest.mark.parametrize(("document", "pages"), SITEMAPS.values(), ids=SITEMAPS.keys())
def test_sitemaps(document: str | bytes, pages: list[Listed]) -> None:
    read = read_sitemap(document if isinstance(document, bytes) else document.encode(), URL, ZONE)
    assert list(read.pages) == pages
    assert read.sitemaps == ()


def test_an_index_names_further_sitemaps() -> None:
    index = f"<sitemapindex {PLAIN}><sitemap><loc>/a.xml.gz</loc><lastmod>2025-09-16</lastmod></sitemap></sitemapindex>"
    read = read_sitemap(index.encode(), URL, ZONE)
    assert [part.url for part in read.sitemaps] == ["https://ulak.example/a.xml.gz"]
    assert read.pages == ()


def test_of_a_long_list_only_so_many_are_read() -> None:
    urls = "".join(f"<url><loc>https://ulak.example/{number}</loc></url>" for number in range(MAX_URLS + 10))
    assert len(read_sitemap(f"<urlset {PLAIN}>{urls}</urlset>".encode(), URL, ZONE).pages) == MAX_URLS


ROBOTS = {
    "one": ("User-agent: *\nSitemap: https://ulak.example/s.xml\n", ["https://ulak.example/s.xml"]),
    "in any case of letters, with spaces": ("  SITEMAP : /s.xml  # all\r\n", ["https://ulak.example/s.xml"]),
    "news first": (
        "Sitemap: /a.xml\nSitemap: /news/b.xml\nSitemap: /sitemap-news.xml",
        ["https://ulak.example/sitemap-news.xml", "https://ulak.example/a.xml", "https://ulak.example/news/b.xml"],
    ),
    "twice the same": ("Sitemap: /a.xml\nSitemap: https://ulak.example/a.xml", ["https://ulak.example/a.xml"]),
    "of another site": ("Sitemap: https://elsewhere.kz/a.xml", []),
    "none": ("User-agent: *\nDisallow: /sitemap: x\n", []),
    "in a comment": ("# Sitemap: /a.xml", []),
    "with a byte order mark": ("\ufeffSitemap: /a.xml", ["https://ulak.example/a.xml"]),
}


@pytest.mark.parametrize(("text", "expected"), ROBOTS.values(), ids=ROBOTS.keys())
def test_sitemaps_that_robots_names(text: str, expected: list[str]) -> None:
    assert list(sitemaps_of_robots(text.encode(), "https://ulak.example/robots.txt")) == expected


def test_a_sitemap_may_lie_on_another_host_of_the_site() -> None:
    named = sitemaps_of_robots(b"Sitemap: https://cdn.example.kz/a.xml", "https://www.example.kz/robots.txt")
    assert named == ("https://cdn.example.kz/a.xml",)


SINCE, UNTIL = datetime(2025, 9, 15, 21, tzinfo=UTC), datetime(2025, 9, 16, 21, tzinfo=UTC)
TIMES = {
    "within": (Listed("u", AT), True),
    "before": (Listed("u", datetime(2025, 9, 15, 20, tzinfo=UTC)), False),
    "after": (Listed("u", datetime(2025, 9, 16, 22, tzinfo=UTC)), False),
    "a day that reaches into the gap": (Listed("u", datetime(2025, 9, 15, 19, tzinfo=UTC), is_whole_day=True), True),
    "the day before": (Listed("u", datetime(2025, 9, 14, 19, tzinfo=UTC), is_whole_day=True), False),
    "at no time": (Listed("u"), False),
}


@pytest.mark.parametrize(("listed", "expected"), TIMES.values(), ids=TIMES.keys())
def test_what_lies_in_a_gap(listed: Listed, expected: bool) -> None:
    assert listed.lies_between(SINCE, UNTIL) is expected


@given(st.binary(max_size=200), st.sampled_from(["", "<urlset>", f"<sitemapindex {PLAIN}><sitemap><loc>"]))
def test_no_bytes_make_it_raise(payload: bytes, head: str) -> None:
    read_sitemap(head.encode() + payload, URL, ZONE)
    sitemaps_of_robots(payload, URL)
