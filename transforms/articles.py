"""A page's capture to an article: title, text, time, author, language; or the named state in which it ended.

The page is decoded and parsed once; trafilatura finds the text in that tree, everything else is read from what the page
says about itself and from the feed's entry. Caps on bytes and elements come before any work, since a hostile page of
half a megabyte can cost a minute. Never looks at other pages, never decides whether the article may come in.
Called by the nightly flow inside a pool of worker processes that can be killed, so arguments and result are picklable.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from urllib.parse import urlsplit

import htmldate
import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from transforms import furniture
from transforms.dates import read_time, zone_of
from transforms.decoding import decode
from transforms.language import detect_language
from transforms.page_facts import PageFacts, facts_of
from transforms.plain import lines_of, one_line, without_controls
from transforms.records import Article, Capture, DateBasis, Entry, Outcome, Outlet, digest
from transforms.titles import choose_title
from transforms.urls import absolute_url, are_same_site, article_id_of, canonical_url

_MAX_BYTES: Final = 5_000_000
_MAX_ELEMENTS: Final = 30_000  # real articles have at most a few thousand; extraction is not linear in them
_MAX_DEPTH: Final = 200  # real articles have at most a few dozen; at 255 the parser drops the rest without a word
_TOO_DEEP: Final = etree.XPath("/*" * _MAX_DEPTH)  # the elements at that depth
_OPENING_TAG: Final = re.compile(rb"<[a-zA-Z]")
_EARLIEST: Final = datetime(1995, 1, 1, tzinfo=UTC)  # before the outlets had pages
_CLOCK_SLACK: Final = timedelta(days=1)
_PUBLISHED_TAGS: Final = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "og:published_time",
    "publish-date",
    "pubdate",
    "date",
    "dc.date.issued",
    "dc.date",
)


def read_article(capture: Capture, outlet: Outlet, entry: Entry | None) -> Article | Outcome:
    """Return the article on a page, or the outcome that says why there is none. Never raises on what a server sent.

    The article's id is that of the feed's entry (the address at first sight), else of the page's canonical address;
    times are in UTC; the text is NFC with one line a paragraph.
    """
    if capture.response.outcome is not Outcome.FETCHED:
        return capture.response.outcome
    payload = capture.response.payload
    if len(payload) > _MAX_BYTES or len(_OPENING_TAG.findall(payload)) > _MAX_ELEMENTS:
        return Outcome.TOO_LARGE
    tree = _tree(payload, capture.response.header("content-type"))
    if tree is None:
        return Outcome.UNPARSABLE
    facts = facts_of(tree)
    title = choose_title(facts, entry.title if entry else None, _site_names(outlet, capture.response.final_url))
    published_at, basis = _published(facts, tree, capture, outlet, entry)
    text = _text(tree, title)  # last, because extraction may use up the tree
    if not text or not title:
        return Outcome.UNPARSABLE
    canonical = _canonical(facts, capture, entry)
    return _article(capture, outlet, entry, facts, canonical, title, text, published_at, basis)


def _article(
    capture: Capture,
    outlet: Outlet,
    entry: Entry | None,
    facts: PageFacts,
    canonical: str,
    title: str,
    text: str,
    published_at: datetime | None,
    basis: DateBasis,
) -> Article:
    """Put the parts together."""
    article_id = (entry.article_id if entry else None) or article_id_of(canonical)
    text_digest = digest(text)
    return Article(
        article_id=article_id,
        revision_id=digest(article_id, title, text_digest),  # a headline is quoted too, so a new one is a revision
        outlet_id=outlet.outlet_id,
        capture_id=capture.capture_id,
        url=capture.response.final_url,
        canonical_url=canonical,
        title=title,
        text=text,
        published_at=published_at,
        published_basis=basis,
        author=_author(facts) or (entry.author if entry else None),
        section=_section(facts) or (entry.section if entry else None),
        language=detect_language(text),
        text_digest=text_digest,
        text_length_characters=len(text),
        captured_at=capture.fetched_at,
    )


def _tree(payload: bytes, content_type: str | None) -> HtmlElement | None:
    """Return the page as a tree, or None when it cannot be decoded, is no HTML, or nests without end."""
    decoded = decode(payload, content_type)
    if decoded is None:
        return None
    try:
        tree = trafilatura.load_html(without_controls(decoded.text))
    except (etree.LxmlError, ValueError, TypeError):
        return None
    return None if tree is None or _TOO_DEEP(tree) else tree


def _text(tree: HtmlElement, title: str | None) -> str | None:
    """Return the article's text in its stored form, or None when the page holds none."""
    furniture.clear(tree)
    document = trafilatura.bare_extraction(tree, fast=True, include_comments=False, with_metadata=False)
    return (
        (furniture.without_frame(lines_of(document.text), title or "") or None) if document and document.text else None
    )


def _site_names(outlet: Outlet, url: str) -> tuple[str, ...]:
    """Return what the site may call itself at the end of a title."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return (outlet.name, outlet.native_name or "", host, host.rpartition(".")[0])


def _canonical(facts: PageFacts, capture: Capture, entry: Entry | None) -> str:
    """Return the page's canonical address: its own link where that stays within the site, else where it was found.

    A canonical link to the front page is a template's mistake.
    """
    final = capture.response.final_url
    linked = canonical_url(absolute_url(final, facts.canonical_link) or "")
    if linked and are_same_site(linked, final) and (urlsplit(linked).path != "/" or urlsplit(linked).query):
        return linked
    return canonical_url(final) or (entry.canonical_url if entry else None) or final


def _published(
    facts: PageFacts, tree: HtmlElement, capture: Capture, outlet: Outlet, entry: Entry | None
) -> tuple[datetime | None, DateBasis]:
    """Return when the article appeared and who says so: the feed first, then the page."""
    latest = capture.fetched_at + _CLOCK_SLACK
    if entry and entry.published_at and entry.published_at <= latest:
        return entry.published_at, DateBasis.FEED
    zone = zone_of(outlet.time_zone)
    claims = [facts.linked_text("datePublished"), *(facts.meta.get(name) for name in _PUBLISHED_TAGS)]
    for time in (read_time(claim, zone) for claim in claims):
        if time and _EARLIEST <= time <= latest:
            return time, DateBasis.PAGE
    if found := _searched_date(tree, capture, zone):
        return found, DateBasis.PAGE
    if entry and entry.updated_at and entry.updated_at <= latest:
        return entry.updated_at, DateBasis.FEED  # an Atom feed may tell only this
    return None, DateBasis.NONE


def _searched_date(tree: HtmlElement, capture: Capture, zone: tzinfo) -> datetime | None:
    """Return the day that htmldate finds in address, markup and text, as midnight of the outlet's zone."""
    today = capture.fetched_at.astimezone(zone)
    found = htmldate.find_date(
        tree,
        original_date=True,
        url=capture.response.final_url,
        min_date=_EARLIEST.strftime("%Y-%m-%d"),
        max_date=today.strftime("%Y-%m-%d"),  # else it would look at the clock
    )
    return read_time(found, zone)


def _author(facts: PageFacts) -> str | None:
    """Return the author as the page names one; addresses are not names."""
    names = (facts.linked_text("author"), facts.meta.get("author"), facts.meta.get("article:author"))
    return next((name for name in names if name and "://" not in name), None)


def _section(facts: PageFacts) -> str | None:
    """Return the section as the page names it."""
    return one_line(facts.linked_text("articleSection") or facts.meta.get("article:section"))
