"""The records that travel between the rooms, named by stage, and the closed lists.

Common ground: every room may import this module; it imports none of them. A record is frozen and holds plain values, so
that it can cross a process border, lie in a frame row, or be compared in a test. All times are aware and in UTC.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

# --- closed lists ---


class Outcome(StrEnum):
    """How one attempt at one address ended. Grow it by name, never by free text."""

    FETCHED = "fetched"
    NOT_MODIFIED = "not_modified"  # the server said 304
    UNCHANGED = "unchanged"  # the server said 200 with the bytes we have
    EMPTY = "empty"  # a feed without items
    SILENT = "silent"  # a feed without items, again
    FROZEN = "frozen"  # a feed whose newest item is old
    NOT_A_FEED = "not_a_feed"  # an answer that is no feed, most often an HTML page
    UNPARSABLE = "unparsable"  # a feed or page that could not be read
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    REFUSED_ADDRESS = "refused_address"  # a private or otherwise forbidden address
    ROBOTS = "robots"  # robots.txt forbids it
    MISSING = "missing"  # 404, 410
    HTTP_4XX = "http_4xx"
    HTTP_429 = "http_429"
    HTTP_5XX = "http_5xx"


class CaptureKind(StrEnum):
    """What an address was fetched as."""

    FEED = "feed"
    FEED_PAGE = "feed_page"  # a further, older page of a feed, to fill a gap
    SITEMAP = "sitemap"  # to fill a gap
    PAGE = "page"
    ROBOTS = "robots"


class DateBasis(StrEnum):
    """Where an article's publication time comes from."""

    FEED = "feed"
    PAGE = "page"
    NONE = "none"


Relevance = Literal["cooperation", "adjacent", "none"]
EventType = Literal[
    "agreement",
    "forum",
    "meeting",
    "content_exchange",
    "co_production",
    "broadcasting",
    "technical",
    "training",
    "membership",
    "presence",
    "contest",
]
EventGroup = Literal["agreement", "gathering", "content", "training", "membership", "presence", "contest"]
Status = Literal["proposed", "planned", "concluded", "ongoing", "renewed", "suspended", "ended"]
Role = Literal["organiser", "host", "party", "participant"]
Granularity = Literal["day", "month", "year", "unresolved"]
EventDateBasis = Literal["explicit", "relative", "publication", "none"]
Scope = Literal["bilateral", "domestic", "multilateral"]
Confirmation = Literal["auto", "review"]
Decision = Literal["accept", "reject", "correct"]

GROUP_OF_TYPE: dict[EventType, EventGroup] = {
    "agreement": "agreement",
    "forum": "gathering",
    "meeting": "gathering",
    "content_exchange": "content",
    "co_production": "content",
    "broadcasting": "content",
    "technical": "content",
    "training": "training",
    "membership": "membership",
    "presence": "presence",
    "contest": "contest",
}
REGION = ("KZ", "KG", "UZ", "TJ", "TM")
QUOTE_LIMIT_CHARACTERS = 180


def digest(*parts: str | bytes) -> str:
    """Return 32 hexadecimal characters that stand for these parts in this order (SHA-256, length-prefixed)."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()[:32]


# --- the catalogue ---


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed address of an outlet."""

    feed_id: str
    outlet_id: str
    url: str
    language: str | None
    monitored_since: date
    confirmation: str


@dataclass(frozen=True, slots=True)
class Outlet:
    """One news outlet of the catalogue; `is_state_owned` is None where nobody has shown it either way."""

    outlet_id: str
    name: str
    native_name: str | None
    country: str
    languages: tuple[str, ...]
    kind: str
    owner: str | None
    is_state_owned: bool | None
    ownership_source: str | None
    time_zone: str
    home_url: str | None
    feeds: tuple[Feed, ...]
    note: str | None = None


# --- reaching an outlet ---


@dataclass(frozen=True, slots=True)
class Request:
    """One address to fetch, with the validators of the last answer where there was one."""

    kind: CaptureKind
    outlet_id: str
    url: str
    feed_id: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    not_before: datetime | None = None  # the moment from which the address may be asked; None for at once


@dataclass(frozen=True, slots=True)
class Response:
    """What came of a request: an answer, or the reason why there is none (`status` is None then)."""

    outcome: Outcome
    final_url: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    payload: bytes = b""  # after content decoding
    redirects: tuple[str, ...] = ()
    elapsed_seconds: float = 0.0
    error: str | None = None
    raw_payload: bytes | None = None  # the body as it came, where a content encoding makes it differ from `payload`
    moved_to: str | None = None  # where permanent redirects alone lead: the address to ask from now on

    def header(self, name: str) -> str | None:
        """Return the first header of that name, in any case of letters."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Capture:
    """One attempt as it lies in a WARC file: the request, what came of it, when, and where to read it again."""

    capture_id: str
    request: Request
    response: Response
    fetched_at: datetime
    warc_file: str  # relative to the captures folder
    warc_offset_bytes: int
    robots_capture_id: str | None = None  # the capture of the robots.txt by which it was asked for, or refused


@dataclass(frozen=True, slots=True)
class FeedState:
    """What must be remembered of a feed between two polls."""

    feed_id: str
    etag: str | None = None
    last_modified: str | None = None
    payload_digest: str | None = None
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = (
        None  # the last answer from which the items are known: fetched, unchanged, not modified
    )
    last_outcome: Outcome | None = None
    failures: float = 0.0
    next_due_at: datetime | None = None
    newest_item_at: datetime | None = None
    empty_polls: int = 0
    validators_url: str | None = None  # the address that gave the validators
    are_validators_trusted: bool = True
    probed_at: datetime | None = None  # the last answer to a request without validators
    not_modified_at: datetime | None = None  # the last answer "not modified"
    items_digest: str | None = None  # stands for the items last shown
    items_per_hour: float | None = None
    poll_interval_seconds: float | None = None  # what the feed's pace asks for
    asked_pause_seconds: float | None = None  # what the feed says of itself


@dataclass(frozen=True, slots=True)
class FeedGap:
    """A poll that met nothing known: what the feed showed between the poll before and this one may have been missed."""

    feed_id: str
    outlet_id: str
    language: str | None  # the feed's
    since: datetime  # the poll before
    until: datetime  # the poll that met nothing known
    known_ids: frozenset[str] = frozenset()  # articles that the feed had shown before
    shown_ids: frozenset[str] = frozenset()  # articles that this poll showed
    known_urls: tuple[str, ...] = ()  # canonical addresses of the latest among both: what its articles' look like


# --- what the bytes say ---


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of one item of a feed."""

    entry_id: str
    feed_id: str
    outlet_id: str
    capture_id: str
    article_id: str | None  # None when the item has no usable link
    guid: str | None
    url: str | None  # as the feed gives it, made absolute
    canonical_url: str | None
    title: str | None
    summary: str | None  # plain text
    author: str | None
    section: str | None
    published_at: datetime | None
    updated_at: datetime | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed's bytes, read: its state and its entries in the order of the feed."""

    feed_id: str
    capture_id: str
    outcome: Outcome
    format: str | None  # rss20, atom10, rss10, json11 …
    entries: tuple[Entry, ...] = ()
    title: str | None = None
    encoding: str | None = None
    error: str | None = None
    asked_pause_seconds: float | None = None  # how long it asks not to be asked again


@dataclass(frozen=True, slots=True)
class Article:
    """One reading of one article page: what is stored as a revision."""

    article_id: str
    revision_id: str  # digest of article, title and text digest
    outlet_id: str
    capture_id: str
    url: str  # the address fetched
    canonical_url: str
    title: str
    text: str
    published_at: datetime | None
    published_basis: DateBasis
    author: str | None
    section: str | None
    language: str | None  # BCP 47
    text_digest: str
    text_length_characters: int
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class ArticleAlias:
    """Another address of an article that is stored: the id that the address would have had, and the article's."""

    article_id: str
    canonical_article_id: str
    capture_id: str  # the page that said so


# --- events ---


@dataclass(frozen=True, slots=True)
class ArticleText:
    """The coder's input: one article as it is to be quoted (`event-schema.md`)."""

    id: str
    title: str
    text: str
    published_at: datetime | None = None  # aware, any offset
    url: str | None = None
    outlet: str | None = None  # id or name of the publisher
    outlet_country: str | None = None
    language: str | None = None
    time_zone: str | None = None  # the outlet's; dates are resolved in it


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation in a role; `id` is None when the gazetteer does not know it."""

    id: str | None
    name: str
    role: Role
    country: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """A person who signs or leads, with the office as written."""

    name: str
    office: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place as written, with its country where known."""

    name: str
    country: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim quote of at most 180 characters; offsets count Unicode code points, the end is exclusive."""

    field: Literal["title", "text"]
    quote: str
    start: int
    end: int
    rule_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One event as one article tells it; after linking, `event_id` is shared by all its reports."""

    event_id: str
    type: EventType
    status: Status
    label: str
    organisations: tuple[Organisation, ...]
    countries: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    confidence: float
    outcome: Confirmation = "auto"
    series: str | None = None
    edition: str | None = None
    supersedes: str | None = None
    is_regional: bool = False
    scope: Scope = "bilateral"
    regions: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    date_start: date | None = None
    date_end: date | None = None
    date_granularity: Granularity = "unresolved"
    date_basis: EventDateBasis = "none"
    first_reported_at: datetime | None = None
    place: Place | None = None
    provisions: tuple[EventType, ...] = ()
    topics: tuple[str, ...] = ()
    codebook: str = ""
    corrections: tuple[str, ...] = ()  # ids of the people's decisions that have shaped it; never part of its record

    @property
    def group(self) -> EventGroup:
        """The group by which reports of one event are matched."""
        return GROUP_OF_TYPE[self.type]


@dataclass(frozen=True, slots=True)
class CodedArticle:
    """The coder's output for one article."""

    id: str
    language: str | None
    relevance: Relevance
    confidence: float
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class EventReport:
    """One event as one article reports it, with what linking must know of the article: the unit that is merged."""

    report_id: str  # digest of article, group and ordinal among the article's events of that group
    article_id: str
    revision_id: str
    capture_id: str
    outlet_id: str
    owner: str  # the outlet's owner family; the outlet's own id where none is known
    canonical_url: str
    published_at: datetime  # the article's own, or the time it was first seen
    time_zone: str
    ordinal: int  # among the article's events
    text_digest: str
    event: Event


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person has decided of an event, or of an organisation as it is written: the other of the two is None."""

    correction_id: str  # digest of all the rest but the time of import
    subject: Literal["event", "organisation"]
    event_id: str | None  # as the event was called then
    organisation_name: str | None
    decision: Decision
    values_json: str  # what holds instead, by field
    note: str | None
    author: str
    decided_date: date
    imported_at: datetime


# --- whether it may come in ---


@dataclass(frozen=True, slots=True)
class Validation:
    """One expectation's result on one batch of one table."""

    table: str
    batch: str  # an outlet, or "all"
    expectation: str
    column: str | None
    severity: Literal["warning", "critical"]
    is_success: bool
    checked_count: int
    unexpected_count: int
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that may not come in, with the reason and the raw value."""

    table: str
    row_id: str
    outlet_id: str | None
    capture_id: str | None
    expectation: str
    column: str | None
    raw_value: str | None
    row_json: str  # the whole row, so that nothing is lost


# --- what people read ---


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of an article that shows an event, in the original language, with its source."""

    text: str
    outlet: str
    url: str
    language: str | None
    published_at: datetime


@dataclass(frozen=True, slots=True)
class EventCard:
    """One event of the week as the report shows it; `quotes` holds one for each report, earliest first."""

    event_id: str
    label: str
    type: str
    status: str
    countries: tuple[str, ...]
    organisations: tuple[Organisation, ...]
    provisions: tuple[str, ...]
    date_start: date | None
    date_end: date | None
    date_granularity: str
    place: str | None
    quotes: tuple[Quote, ...]
    report_count: int
    publisher_count: int
    is_regional: bool


@dataclass(frozen=True, slots=True)
class Count:
    """A row of a weekly table with the events behind it."""

    keys: tuple[str, ...]
    event_count: int
    report_count: int
    mean_event_count_4w: float | None
    event_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReprintLine:
    """A text that went from one outlet to another within the week."""

    title: str
    original_outlet: str
    original_url: str
    reprint_outlet: str
    reprint_url: str
    lag_hours: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A feed that could not be seen whole in the week."""

    outlet: str
    country: str
    feed_id: str
    nights_asked: int
    nights_answered: int
    polls_without_overlap: int
    items_lost: int  # an estimate
    last_outcome: str


@dataclass(frozen=True, slots=True)
class WeekView:
    """Everything that a weekly report says."""

    week: str
    monday: date
    sunday: date
    time_zone: str
    cards: tuple[EventCard, ...]
    counts: Mapping[str, tuple[Count, ...]]  # by weekly table, such as weekly_types
    types_by_status: Mapping[tuple[str, str], int]
    trend: tuple[tuple[str, int], ...]  # events a week, oldest first
    reprints: tuple[ReprintLine, ...]
    gaps: tuple[Gap, ...]
    feed_count: int
    silent_outlets: tuple[str, ...]  # outlets of the catalogue without a known feed
    review_count: int  # events of the week under review, in no number
    codebook: str
    outlet_names: Mapping[str, str] = field(default_factory=dict)  # by outlet id; the id stands for a name not given

    @property
    def items_lost(self) -> int:
        """How many items came and went between polls of all feeds, as an estimate."""
        return sum(gap.items_lost for gap in self.gaps)


def countries_are_regional(countries: Iterable[str]) -> bool:
    """Say whether any of these countries belongs to the region that the monitor watches."""
    return any(country in REGION for country in countries)
