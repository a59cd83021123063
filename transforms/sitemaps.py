"""What a site says it has published: the `Sitemap:` lines of robots.txt, sitemap indexes, sitemaps and news sitemaps.

Pure and bounded: gzip is unpacked within a limit, entities are not expanded, and of a long list only so many addresses
are read. Only addresses of the same site are kept. Never fetches. Called by `gaps`.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from lxml import etree

from transforms.dates import read_time
from transforms.plain import one_line
from transforms.safe_xml import local_name, read_tree
from transforms.urls import absolute_url, are_same_site

MAX_BYTES: Final = 20_000_000  # unpacked; sitemaps.org allows 50 MB, and nobody's gap needs that
MAX_URLS: Final = 50_000  # what sitemaps.org allows in one document
_GZIP: Final = 31  # window bits, as zlib encodes the container in them
_LINE: Final = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_DAY_ONLY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Listed:
    """One address that a sitemap lists; the time says when the page appeared (news) or last changed."""

    url: str
    at: datetime | None = None
    is_whole_day: bool = False  # `at` is the first moment of a day, of which no hour is known
    is_news: bool = False  # `at` is a publication time
    title: str | None = None
    language: str | None = None

    def lies_between(self, since: datetime, until: datetime) -> bool:
        """Say whether the page may have appeared in that time; an address without a time may not."""
        if self.at is None:
            return False
        end = self.at + timedelta(days=1) if self.is_whole_day else self.at
        return end >= since and self.at <= until


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap as read: further sitemaps, or pages, in the order of the document."""

    sitemaps: tuple[Listed, ...] = ()
    pages: tuple[Listed, ...] = ()
    error: str | None = None


def sitemaps_of_robots(payload: bytes, url: str) -> tuple[str, ...]:
    """Return the sitemaps that a robots.txt names, news sitemaps first: they are short and hold the last days."""
    text = payload[:512_000].decode("utf-8-sig", errors="replace")
    found = (absolute_url(url, line) for line in _LINE.findall(text))
    distinct = dict.fromkeys(link for link in found if link and are_same_site(link, url))
    return tuple(sorted(distinct, key=lambda link: not names_news(link)))


def names_news(url: str) -> bool:
    """Say whether an address looks like that of a news sitemap."""
    return "news" in url.lower().rpartition("/")[2]


def read_sitemap(payload: bytes, url: str, zone: tzinfo) -> Sitemap:
    """Return what a sitemap lists; times without a zone are read in `zone`. Never raises on what a server sent."""
    unpacked = _unpacked(payload)
    if unpacked is None:
        return Sitemap(error="not gzip, or too large")
    tree = read_tree(unpacked)
    if tree is None or local_name(tree) not in ("urlset", "sitemapindex"):
        return Sitemap(error="no sitemap")
    listed = tuple(_listed(tree, url, zone))
    return Sitemap(pages=listed) if local_name(tree) == "urlset" else Sitemap(sitemaps=listed)


def _unpacked(payload: bytes) -> bytes | None:
    """Return the document, unpacked where it is gzip as `.xml.gz` files are; None when it is larger than allowed."""
    if not payload.startswith(b"\x1f\x8b"):
        return payload if len(payload) <= MAX_BYTES else None
    try:
        unpacked = zlib.decompressobj(_GZIP).decompress(payload, MAX_BYTES + 1)
    except zlib.error:
        return None
    return unpacked if len(unpacked) <= MAX_BYTES else None


def _listed(tree: etree._Element, base: str, zone: tzinfo) -> Iterator[Listed]:
    """Yield the addresses of the site that a document lists, at most `MAX_URLS`."""
    for number, element in enumerate(tree):
        if number >= MAX_URLS:
            return
        facts = _facts(element)
        link = absolute_url(base, facts.get("loc"))
        if link and are_same_site(link, base):
            yield _one(link, facts, zone)


def _facts(element: etree._Element) -> dict[str, str]:
    """Return the texts below an element by name, the first of each; what describes pictures and videos is left out."""
    facts: dict[str, str] = {}
    for part in element.iter():
        name, parent = local_name(part), part.getparent()
        is_ours = parent is element or (parent is not None and local_name(parent) in ("news", "publication"))
        if name and part.text and is_ours:
            facts.setdefault(name, part.text.strip())
    return facts


def _one(link: str, facts: dict[str, str], zone: tzinfo) -> Listed:
    """Return one listed address."""
    published = facts.get("publication_date")
    written = published or facts.get("lastmod") or ""
    return Listed(
        url=link,
        at=read_time(written, zone),
        is_whole_day=_DAY_ONLY.fullmatch(written) is not None,
        is_news=published is not None,
        title=one_line(facts.get("title")),
        language=facts.get("language"),
    )
