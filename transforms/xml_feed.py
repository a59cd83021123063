"""RSS 0.9–2.0, RDF, Atom 0.3–1.0 and CDF, read by feedparser from text that is already decoded.

feedparser is given bytes and nothing else: a `str` it would open as a path or an address. Its sanitiser and its
resolving inside markup are off, since only plain text is kept. Called by `feeds`.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from io import BytesIO
from typing import Any, Final

import feedparser

from transforms.asked_pauses import declared_pause_seconds
from transforms.dates import read_time
from transforms.feed_items import Item, ReadFeed
from transforms.plain import one_line, text_of_markup, without_controls

_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_ITEM_OPENS: Final = re.compile(r"<(?:\w+:)?(?:item|entry)[\s/>]", re.IGNORECASE)
_ITEM_CLOSES: Final = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_ROOT_CLOSES: Final = re.compile(r"</(?:\w+:)?(?:rss|rdf|feed|channel)\s*>\s*(?:<!--|\Z)|<[^<>]*/>\s*\Z", re.IGNORECASE)
_ROOT: Final = re.compile(r"<(?!\?|!)([\w:]+)")
_MARKUP_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
# what feedparser and the parsers beneath it are known to raise on broken feeds
_PARSER_ERRORS: Final = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError)


def read_xml(text: str, zone: tzinfo, max_items: int) -> ReadFeed:
    """Read an XML feed; times without a zone are read in `zone`. Never raises on broken input."""
    shortened, error = _first_items(without_controls(text), max_items)
    try:
        parsed = feedparser.parse(
            BytesIO(_as_utf8(shortened)),
            # no content-location: with a base feedparser would rewrite ids, which must not change with the address
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        items = tuple(_item(entry, parsed.get("version") or "", zone) for entry in parsed.entries)
    except _PARSER_ERRORS as problem:
        return ReadFeed(format=_root_format(text), error=f"{type(problem).__name__}: {problem}"[:200])
    if _root(text) == "html":
        return ReadFeed(format=None, error="an HTML page")
    if not items and not _ROOT_CLOSES.search(text):
        error = f"cut short: {parsed.get('bozo_exception')}"[:200]
    version = parsed.get("version") or _root_format(text)
    title = text_of_markup(_raw(parsed.feed, "title"))
    return ReadFeed(version, title, items, error, declared_pause_seconds(dict(parsed.feed)))


def _first_items(text: str, limit: int) -> tuple[str, str | None]:
    """Return the feed without the items beyond a limit, and what was done, before any of them costs time."""
    opens = [match.start() for match in _ITEM_OPENS.finditer(text)]
    if len(opens) <= limit:
        return text, None
    closes = [match.end() for match in _ITEM_CLOSES.finditer(text)]
    tail = text[max(closes[-1], opens[limit]) :] if closes else ""
    return text[: opens[limit]] + tail, f"{len(opens)} items: only the first {limit} were read"


def _as_utf8(text: str) -> bytes:
    """Return the feed as UTF-8 that says so."""
    body = _DECLARATION.sub("", text, count=1).lstrip()
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}'.encode()


def _root(text: str) -> str:
    """Return the name of the first element, in lower case, without a prefix."""
    match = _ROOT.search(re.sub(r"<!--.*?-->", "", text[:20_000], flags=re.DOTALL))
    return match.group(1).lower().rpartition(":")[2] if match else ""


def _root_format(text: str) -> str | None:
    """Return the family of a feed whose version is not told."""
    return {"rss": "rss", "rdf": "rss10", "feed": "atom", "channel": "cdf"}.get(_root(text))


def _raw(fields: Any, name: str) -> Any:
    """Return a field as it was stored: feedparser's own access gives another field in place of a missing one."""
    return dict.get(fields, name)


def _item(entry: Any, version: str, zone: tzinfo) -> Item:
    """Return one of feedparser's entries as an item."""
    published = _time(entry, "published", zone) or _time(entry, "created", zone)
    updated = _time(entry, "updated", zone)
    if published is None and not version.startswith("atom"):
        published, updated = updated, None  # dc:date of an RSS item is its publication
    return Item(
        guid=one_line(_raw(entry, "id")),
        link=_link(entry),
        title=_title(entry),
        summary=_summary(entry),
        author=text_of_markup(_raw(entry, "author")),
        section=next((label for tag in _raw(entry, "tags") or () if (label := one_line(tag.get("term")))), None),
        published_at=published,
        updated_at=updated,
    )


def _time(entry: Any, name: str, zone: tzinfo) -> datetime | None:
    """Return a time of an entry; what we cannot read, feedparser may (Greek, Hungarian, Korean), as UTC."""
    read = read_time(_raw(entry, name), zone)
    parts = _raw(entry, f"{name}_parsed")
    if read or not parts:
        return read
    return read_time("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*parts[:6]), zone)


def _link(entry: Any) -> str | None:
    """Return the address of the article: FeedBurner hides it behind its own, Atom lists it among others."""
    link = one_line(_raw(entry, "feedburner_origlink")) or one_line(_raw(entry, "link"))
    alternates = [
        one_line(other.get("href")) for other in _raw(entry, "links") or () if other.get("rel") == "alternate"
    ]
    return link if link in alternates else next((other for other in alternates if other), link)


def _title(entry: Any) -> str | None:
    """Return the title; its detail tells whether it is markup, unless it belongs to a picture inside the entry."""
    title, detail = _raw(entry, "title"), _raw(entry, "title_detail")
    return _plain(detail) if detail and _raw(detail, "value") == title else text_of_markup(title)


def _summary(entry: Any) -> str | None:
    """Return the description, or the content where the feed gives only that."""
    detail = _plain(_raw(entry, "summary_detail")) or text_of_markup(_raw(entry, "summary"))
    return detail or next((text for part in _raw(entry, "content") or () if (text := _plain(part))), None)


def _plain(detail: Any) -> str | None:
    """Return a text construct as plain text, by its type: what claims to be plain is taken at its word."""
    if not detail:
        return None
    value = _raw(detail, "value")
    return text_of_markup(value) if _raw(detail, "type") in _MARKUP_TYPES else one_line(value)
