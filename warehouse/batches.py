"""What comes into the warehouse in one transaction, and what must be remembered of a page.

Made by `flows` from what the other rooms return; read by `store` and `read`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import pandas as pd

from transforms.records import (
    ArticleAlias,
    Capture,
    CodedArticle,
    Entry,
    FeedState,
    Outcome,
    Rejection,
    Validation,
)


@dataclass(frozen=True, slots=True)
class PageState:
    """What became of an article's page, and when to ask for it again (None: never)."""

    article_id: str
    url: str
    last_attempt_at: datetime
    last_outcome: Outcome
    attempts: int
    next_due_at: datetime | None
    etag: str | None = None  # validators and digest are those of the last answer that was read as an article
    last_modified: str | None = None
    payload_digest: str | None = None
    first_read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WantedPage:
    """An article to be fetched: the newest entry that links to it, the attempts in vain, and what its page last was."""

    entry: Entry
    attempts: int
    etag: str | None = None
    last_modified: str | None = None
    payload_digest: str | None = None
    first_read_at: datetime | None = None

    @property
    def outlet_id(self) -> str:
        """The outlet whose article it is."""
        return self.entry.outlet_id

    @property
    def url(self) -> str:
        """The address to ask, as the feed gives it."""
        return self.entry.url or ""


@dataclass(frozen=True, slots=True)
class FeedBatch:
    """The captures of some feeds and all that was read from them."""

    night: date
    captures: Sequence[Capture] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)  # by capture id, where reading changed the outcome
    errors: Mapping[str, str] = field(default_factory=dict)  # by capture id, what reading has to say of the bytes
    paces: Mapping[str, float] = field(default_factory=dict)  # by capture id, items per hour by the dates of its items
    entries: pd.DataFrame | None = None  # accepted rows, of `records.Entry`
    states: Sequence[FeedState] = ()
    rejections: Sequence[Rejection] = ()
    validations: Sequence[Validation] = ()
    progress: Mapping[str, int] = field(default_factory=dict)  # WARC file to the offset up to which it is now loaded


@dataclass(frozen=True, slots=True)
class FillingBatch:
    """Further pages of feeds and sitemaps, the entries found in them, and the gaps that they were asked for."""

    night: date
    captures: Sequence[Capture]
    outcomes: Mapping[str, Outcome]
    entries: pd.DataFrame  # accepted rows, of `records.Entry`
    gaps: Mapping[tuple[str, datetime], bool]  # feed and time of the poll; whether the gap is closed now
    rejections: Sequence[Rejection] = ()
    validations: Sequence[Validation] = ()
    progress: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArticleBatch:
    """The captures of some pages and all that was read from and coded in them; recoding brings no captures."""

    night: date
    captures: Sequence[Capture] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    articles: pd.DataFrame | None = None  # accepted rows, of `records.Article`
    coded: Sequence[CodedArticle] = ()  # `id` is the article's
    reports: pd.DataFrame | None = None  # accepted rows, columns of core.event_reports without event_id
    pages: Sequence[PageState] = ()
    aliases: Sequence[ArticleAlias] = ()
    rejections: Sequence[Rejection] = ()
    validations: Sequence[Validation] = ()
    progress: Mapping[str, int] = field(default_factory=dict)
