"""What a feed is like, from one look at it: pace, window, newest item, language, and whether it carries whole articles.

Pure: the feed as read and its bytes in, figures out. What a feed says of its own language is not believed. Never judges
whether a feed is wanted. Called by the flows that check the outlets and find new ones.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any, Final

from lxml import etree

from transforms.cadence import item_times, items_per_hour
from transforms.feeds import newest_time
from transforms.language import detect_language
from transforms.plain import text_of_markup
from transforms.records import Capture, Entry, ParsedFeed
from transforms.safe_xml import local_name, read_tree

# Teasers of the feeds we have seen end below 500 characters; the shortest agency reports have two paragraphs.
_WHOLE_ARTICLE_CHARACTERS: Final = 700
_IDEOGRAPH_WEIGHT: Final = 3  # a Chinese text has about a third of the characters
_ITEMS_READ: Final = 30
_TEXTS: Final = frozenset({"description", "summary", "content", "encoded", "full-text", "fulltext", "body"})
_JSON_TEXTS: Final = ("content_html", "content_text", "summary")
_BREAKS_OFF: Final = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*(?:[\w ]{1,25})?$")
_IDEOGRAPH: Final = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class FeedProfile:
    """What one look at a feed shows; None where its items do not tell."""

    items: int
    newest_at: datetime | None = None
    items_per_day: float | None = None
    window_hours: float | None = None  # how long an item stays in the feed, at that pace
    languages: tuple[tuple[str, float], ...] = ()  # measured, with the share of items, the commonest first
    has_full_text: bool | None = None

    @property
    def language(self) -> str | None:
        """The language of most items."""
        return self.languages[0][0] if self.languages else None


def profile_feed(parsed: ParsedFeed, capture: Capture) -> FeedProfile:
    """Return what a feed is like that was read from this capture."""
    entries, now = parsed.entries, capture.fetched_at
    pace = items_per_hour(entries, now)
    return FeedProfile(
        items=len(entries),
        newest_at=newest_time(entries, now),
        items_per_day=pace * 24 if pace else None,
        window_hours=len(item_times(entries, now)) / pace if pace else None,
        languages=languages_of(entries),
        has_full_text=carries_whole_articles(capture.response.payload) if entries else None,
    )


def languages_of(entries: Iterable[Entry]) -> tuple[tuple[str, float], ...]:
    """Return the languages in which items are written, each with its share, the commonest first."""
    texts = (f"{entry.title or ''}. {entry.summary or ''}" for entry in entries)
    counts = Counter(language for text in texts if (language := detect_language(text)))
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((language, count / counts.total()) for language, count in ranked)


def is_as_declared(profile: FeedProfile, declared: Collection[str]) -> bool | None:
    """Say whether most items are in one of the languages that the catalogue declares; None where nothing was measured.

    The region of a tag (`pt-BR`) is not heard in a text and is left aside; its script is.
    """
    if profile.language is None:
        return None
    return profile.language in {_without_region(tag) for tag in declared}


def _without_region(tag: str) -> str:
    """Return a language tag without its region."""
    return "-".join(part for part in tag.split("-") if not (len(part) == 2 and part.isupper()))


# --- whole articles ---


def carries_whole_articles(payload: bytes) -> bool:
    """Say whether a feed's items carry the text of their articles, rather than a teaser: most are long and end."""
    texts = list(item_texts(payload))
    if not texts:
        return False
    broken_off = sum(_BREAKS_OFF.search(text) is not None for text in texts)
    return median(map(_length, texts)) >= _WHOLE_ARTICLE_CHARACTERS and broken_off <= len(texts) / 2


def item_texts(payload: bytes) -> Iterator[str]:
    """Yield the longest text that each of the first items carries, in any of the fields in use for it."""
    if payload.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        yield from _json_texts(payload)
        return
    tree = read_tree(payload)
    items = (one for one in tree.iter() if local_name(one) in ("item", "entry")) if tree is not None else iter(())
    for _, item in zip(range(_ITEMS_READ), items, strict=False):
        parts = (_text(part) for part in item if local_name(part) in _TEXTS)
        yield max(parts, key=len, default="")


def _text(part: etree._Element) -> str:
    """Return the plain text of a field: markup in a string, or elements where the feed nests them."""
    return text_of_markup("".join(map(str, part.itertext()))) or ""


def _json_texts(payload: bytes) -> Iterator[str]:
    """Yield the longest text of each of a JSON Feed's first items."""
    try:
        document: Any = json.loads(payload)
    except (ValueError, RecursionError):
        return
    items = document.get("items") if isinstance(document, dict) else None
    for item in (items if isinstance(items, list) else [])[:_ITEMS_READ]:
        if isinstance(item, dict):
            parts = (text_of_markup(str(item.get(name) or "")) or "" for name in _JSON_TEXTS)
            yield max(parts, key=len, default="")


def _length(text: str) -> int:
    """Return the length of a text as if it were written in letters."""
    return len(text) + (_IDEOGRAPH_WEIGHT - 1) * len(_IDEOGRAPH.findall(text))
