"""Where a site may have feeds: which links of a page are candidates, and what the page calls its site."""

from __future__ import annotations

import pytest

from transforms.discovery import feeds_in_page, identity_of, usual_feeds, usual_sitemaps

HOME = "https://www.hill-post.example/"

LINKS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "a link tag of RSS": (
        "<link rel='alternate' type='application/rss+xml' title='News' href='/news'>",
        [("https://www.hill-post.example/news", "link tag")],
    ),
    "a type with a charset, in capitals": (
        "<link rel='ALTERNATE' type='Application/Atom+XML; charset=utf-8' href='/a'>",
        [("https://www.hill-post.example/a", "link tag")],
    ),
    "a type that may be anything, at an address that speaks": (
        "<link rel='alternate' type='text/xml' href='/rss.php'>",
        [("https://www.hill-post.example/rss.php", "link tag")],
    ),
    "WordPress's JSON interface": ("<link rel='alternate' type='application/json' href='/wp-json/wp/v2/pages/2'>", []),
    "an embedding interface": ("<link rel='alternate' type='text/xml+oembed' href='/oembed?format=xml'>", []),
    "another language of the page": ("<link rel='alternate' hreflang='ru' href='/ru/'>", []),
    "a feed of comments": ("<link rel='alternate' type='application/rss+xml' href='/comments/feed/'>", []),
    "a feed elsewhere, declared": (
        "<link rel='alternate' type='application/rss+xml' href='https://feeds.relay.example/hill'>",
        [("https://feeds.relay.example/hill", "link tag")],
    ),
    "a relative link under a base": (
        "<base href='https://cdn.hill-post.example/x/'><link rel='alternate' type='application/rss+xml' href='rss'>",
        [("https://cdn.hill-post.example/x/rss", "link tag")],
    ),
    "a link to be clicked": ("<a href='/ru/rss'>RSS</a>", [("https://www.hill-post.example/ru/rss", "link on a page")]),
    "a query that speaks": (
        "<a href='/?feed=rss2'>x</a>",
        [("https://www.hill-post.example/?feed=rss2", "link on a page")],
    ),
    "a link to another site's feed": ("<a href='https://other.example/rss'>RSS</a>", []),
    "a link to a relay": (
        "<a href='https://feeds.feedburner.com/hill'>RSS</a>",
        [("https://feeds.feedburner.com/hill", "link on a page")],
    ),
    "a word that only holds the letters": ("<a href='/feedback'>write</a><a href='/press'>us</a>", []),
    "a sitemap": ("<a href='/sitemap.xml'>map</a>", []),
    "the same address twice": (
        "<a href='/rss'>RSS</a><link rel='alternate' type='application/rss+xml' href='/rss'>",
        [("https://www.hill-post.example/rss", "link tag")],
    ),
    "links that lead nowhere": ("<a href='javascript:rss()'>RSS</a><a href='http://[/rss'>RSS</a><a>RSS</a>", []),
}


@pytest.mark.parametrize("situation", LINKS)
def test_candidates_of_a_page(situation: str) -> None:
    markup, expected = LINKS[situation]
    page = f"<html><head></head><body>{markup}</body></html>".encode()
    assert [(one.url, one.evidence) for one in feeds_in_page(page, "text/html", HOME)] == expected


@pytest.mark.parametrize("payload", [b"", b"\x00\xff\xfe", b"<!-- -->", b"<?xml version='1.0' encoding='x'?>"])
def test_bytes_that_are_no_page_name_nothing(payload: bytes) -> None:
    assert feeds_in_page(payload, None, HOME) == ()
    assert identity_of(payload, None, HOME).name is None


NAMES: dict[str, tuple[str, str | None]] = {
    "og:site_name": ("<meta property='og:site_name' content='Hill Post'><title>News | Other</title>", "Hill Post"),
    "the part that speaks of the host": ("<title>Hill Post - news of the valley</title>", "Hill Post"),
    "else the last part": ("<title>Новости - Холмы</title>", "Холмы"),
    "nothing": ("", None),
}


@pytest.mark.parametrize("situation", NAMES)
def test_the_name_of_a_site(situation: str) -> None:
    markup, expected = NAMES[situation]
    page = f"<html lang='ky'><head>{markup}</head><body>x</body></html>".encode()
    identity = identity_of(page, "text/html", HOME)
    assert (identity.name, identity.language) == (expected, "ky")


def test_usual_addresses_belong_to_the_site() -> None:
    assert usual_feeds(HOME)[0].url == "https://www.hill-post.example/rss"
    assert usual_sitemaps(HOME)[0] == "https://www.hill-post.example/sitemap-news.xml"
    assert all(one.url.startswith(HOME) for one in usual_feeds(HOME))
