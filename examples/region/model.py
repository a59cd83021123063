"""What the region is made of: its outlets, what goes wrong with them, and what they publish.

Reads `region.toml`, `words.toml` and `articles/*.toml`; never renders. Called by `compose` and by the tests that
compare what the monitor found with what the articles say they report.
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from codebook.files import FileError, line_of, read_toml
from transforms.records import EventType, Relevance, Status, digest

HERE = Path(__file__).parent

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
LinkStyle = Literal["plain", "tracking", "upper_host", "relative", "guid_only", "short"]
FeedFormat = Literal["rss", "wordpress", "atom", "rdf", "json"]
IncidentKind = Literal[
    "html_feed", "http_429", "http_503", "silent", "template_change", "wrong_encoding", "timeout", "moved"
]


class Strict(BaseModel):
    """A frozen record that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FeedPlan(Strict):
    """One feed of an outlet; `window` is the number of items that it shows."""

    language: str
    path: str
    format: FeedFormat
    window: int = Field(ge=1)
    content_type: str
    dates: Literal["zoned", "local"] = "zoned"  # local: without a zone, as some feeds really do


class OutletPlan(Strict):
    """One outlet: where it lies and the habits of its site."""

    id: Slug
    name: str
    native_name: str
    country: str
    host: str = Field(pattern=r"^[a-z0-9.-]+\.example$")
    time_zone: str
    template: str
    article_path: str  # a format string of lang, date, slug and number
    links: LinkStyle = "plain"  # how its feeds write the addresses of articles
    validators: tuple[Literal["etag", "last_modified"], ...] = ()
    encoding: str = "utf-8"  # of its pages
    stamps_nightly: bool = False  # its feeds carry the time at which they were built
    robots: str | None = None
    news_sitemap: str | None = None  # where it lists the articles of two days, all languages together
    feed: tuple[FeedPlan, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The outlet's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def home(self) -> str:
        """The address of the front page, without the last slash."""
        return f"https://{self.host}"


class Incident(Strict):
    """Something that happens to an outlet, or to one feed of it, from a moment on; without `to` it stays."""

    outlet: Slug
    kind: IncidentKind
    begins_at: AwareDatetime
    ends_at: AwareDatetime | None = None
    feed: str | None = None  # a feed's language; every feed of the outlet where absent
    template: str | None = None  # template_change: the new one
    path: str | None = None  # moved: the new address of the feed
    retry_after_seconds: int | None = None  # http_429, http_503

    def holds(self, at: datetime, language: str | None = None) -> bool:
        """Say whether it is going on at that time, for that feed."""
        is_meant = self.feed is None or language is None or self.feed == language
        return is_meant and self.begins_at <= at and (self.ends_at is None or at < self.ends_at)


class Region(Strict):
    """The outlets, the nights on which the monitor calls, and the incidents."""

    begins_at: AwareDatetime
    first_night: date
    last_night: date
    night_time: time
    time_zone: str
    outlet: tuple[OutletPlan, ...]
    incident: tuple[Incident, ...] = ()

    @model_validator(mode="after")
    def _incidents_name_outlets(self) -> Region:
        known = {outlet.id for outlet in self.outlet}
        for incident in self.incident:
            if incident.outlet not in known:
                raise ValueError(f"the incident's outlet {incident.outlet!r} is not one of the region")
        return self

    @cached_property
    def nights(self) -> tuple[datetime, ...]:
        """The moments at which the nightly run calls."""
        zone = ZoneInfo(self.time_zone)
        days = range(self.first_night.toordinal(), self.last_night.toordinal() + 1)
        return tuple(datetime.combine(date.fromordinal(day), self.night_time, zone) for day in days)


class ExpectedEvent(Strict):
    """One event that an article reports, by the codebook; `same_as` is shared by all reports of it."""

    same_as: str
    type: EventType
    status: Status
    organisations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


class Expectation(Strict):
    """What the codebook says of an article, written down before any coder ran on it."""

    relevance: Relevance
    event: tuple[ExpectedEvent, ...] = ()

    @model_validator(mode="after")
    def _events_make_cooperation(self) -> Expectation:
        if (self.relevance == "cooperation") != bool(self.event):
            raise ValueError("an article is of relevance 'cooperation' exactly when it reports an event")
        return self


class Correction(Strict):
    """A later state of an article."""

    at: AwareDatetime
    title: Words | None = None
    text: Words | None = None


class Article(Strict):
    """One article as its outlet publishes it; paragraphs of `text` stand between empty lines."""

    slug: Slug
    published_at: AwareDatetime
    section: Words
    title: Words
    lead: Words
    text: Words
    author: Words | None = None
    language: str | None = None  # where it differs from its feed's, such as uz-Cyrl
    reprint_of: str | None = None
    expect: Expectation
    correction: tuple[Correction, ...] = ()

    def at(self, moment: datetime) -> Article:
        """Return the article as it stands at that moment, corrections made so far included."""
        made = [correction for correction in self.correction if correction.at <= moment]
        title = next((one.title for one in reversed(made) if one.title), self.title)
        text = next((one.text for one in reversed(made) if one.text), self.text)
        return self.model_copy(update={"title": title, "text": text, "correction": tuple(made)})

    @property
    def updated_at(self) -> datetime:
        """The time of the last change."""
        return self.correction[-1].at if self.correction else self.published_at

    @property
    def versions_at(self) -> tuple[datetime, ...]:
        """The times at which a new version appears, the first publication included."""
        return (self.published_at, *(correction.at for correction in self.correction))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the body; the lead opens it unless the text says it already."""
        parts = [" ".join(part.split()) for part in self.text.split("\n\n") if part.strip()]
        return tuple(parts) if self.lead in " ".join(parts) else (self.lead, *parts)

    @property
    def number(self) -> int:
        """A number for addresses, the same whenever it is composed."""
        return 100_000 + int(digest(self.slug)[:8], 16) % 900_000


class ArticleFile(Strict):
    """What one outlet publishes in one feed."""

    article: tuple[Article, ...]


def load_region(folder: Path = HERE) -> Region:
    """Read `region.toml`. Raises FileError."""
    return read_toml(folder / "region.toml", Region)


def load_articles(region: Region, folder: Path = HERE) -> dict[tuple[str, str], tuple[Article, ...]]:
    """Read what every feed publishes, by outlet id and feed language, in the order of publication.

    A feed without a file publishes nothing. Raises FileError, also for a file that belongs to no feed.
    """
    feeds = {(outlet.id, feed.language) for outlet in region.outlet for feed in outlet.feed}
    articles: dict[tuple[str, str], tuple[Article, ...]] = dict.fromkeys(sorted(feeds), ())
    for path in sorted((folder / "articles").glob("*.toml")):
        outlet_id, _, language = path.stem.partition(".")
        if (outlet_id, language) not in feeds:
            raise FileError(
                path, 1, "file", f"the region has no feed {path.stem!r}", "Name it <outlet>.<language>.toml."
            )
        read = read_toml(path, ArticleFile).article
        _refuse_twice(path, read)
        articles[outlet_id, language] = tuple(sorted(read, key=lambda one: (one.published_at, one.slug)))
    return articles


def _refuse_twice(path: Path, articles: tuple[Article, ...]) -> None:
    """Raise FileError for a slug that names two articles."""
    seen: set[str] = set()
    for position, article in enumerate(articles):
        if article.slug in seen:
            line = line_of(path.read_text(encoding="utf-8"), ("article", position, "slug"))
            raise FileError(
                path, line, "slug", f"{article.slug!r} names two articles", "Give each article its own slug."
            )
        seen.add(article.slug)
