"""What the readers of the feed formats have in common: the item as read, before it becomes an entry of an outlet.

Holds no format's rules. Called by `feeds`, which knows the outlet, and by `xml_feed` and `json_feed`, which do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed of any format: plain text, times in UTC, the link as the feed gives it."""

    guid: str | None = None
    link: str | None = None
    title: str | None = None
    summary: str | None = None
    author: str | None = None
    section: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReadFeed:
    """A feed as read; `format` is None when the text is no feed, `error` says what was wrong with it."""

    format: str | None
    title: str | None = None
    items: tuple[Item, ...] = ()
    error: str | None = None
    asked_pause_seconds: float | None = None  # how long the feed asks not to be asked again
