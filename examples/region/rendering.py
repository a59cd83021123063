"""Turning articles into the pages and feeds of their outlets: Jinja templates, words and dates.

Everything here is a function of what it is given; nothing is written, and no clock is read. Called by `compose`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict

from codebook.files import read_toml
from examples.region.model import HERE, Article, FeedPlan, OutletPlan

RELATED_LINKS = 4
MOST_READ_LINKS = 5


class SiteWords(BaseModel):
    """The words around the articles, in one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    menu: tuple[str, ...]
    home: str
    latest: str
    related: str
    most_read: str
    read_also: str
    share: str
    comments: str
    no_comments: str
    subscribe: str
    subscribe_text: str
    cookies: str
    accept: str
    published: str
    updated: str
    search: str
    about: str
    contacts: str
    advertising: str
    rights: str
    notice: str
    redesign: str
    date: str
    months: tuple[str, ...]
    archive: tuple[str, ...]

    def day_and_time(self, moment: datetime) -> str:
        """Write a moment as a page shows it, in the moment's own zone."""
        return self.date.format(
            day=moment.day,
            month=self.months[moment.month - 1],
            month_number=moment.month,
            year=moment.year,
            time=f"{moment:%H:%M}",
        )


class WordsFile(BaseModel):
    """`words.toml`: the words of every language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    en: SiteWords
    ru: SiteWords
    kk: SiteWords
    ky: SiteWords
    uz: SiteWords
    tg: SiteWords
    tk: SiteWords
    tr: SiteWords
    zh: SiteWords


@dataclass(frozen=True, slots=True)
class Renderer:
    """The templates and words, read once."""

    environment: Environment
    words: WordsFile

    def render(self, template: str, language: str, **context: Any) -> str:
        """Fill a template; `w` are the words of the language."""
        return self.environment.get_template(template).render(w=self.words_of(language), language=language, **context)

    def words_of(self, language: str) -> SiteWords:
        """Return the words of a language."""
        words: SiteWords = getattr(self.words, language)
        return words


@dataclass(frozen=True, slots=True)
class Link:
    """A headline that leads somewhere."""

    title: str
    url: str


def load_renderer(folder: Path = HERE) -> Renderer:
    """Read words and prepare templates. Raises FileError."""
    environment = Environment(
        loader=FileSystemLoader([folder / "templates", folder / "feeds"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["rfc822"] = format_datetime
    environment.filters["iso"] = lambda moment: moment.isoformat()
    environment.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)
    environment.filters["html_paragraphs"] = _html_paragraphs
    return Renderer(environment, read_toml(folder / "words.toml", WordsFile))


def http_date(moment: datetime) -> str:
    """Write a moment as HTTP headers do."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


# --- addresses ---


def article_url(outlet: OutletPlan, language: str, article: Article) -> str:
    """Return the canonical address of an article."""
    local = article.published_at.astimezone(outlet.zone)
    return outlet.home + outlet.article_path.format(lang=language, date=local, slug=article.slug, number=article.number)


def link_in_feed(outlet: OutletPlan, url: str, article: Article) -> str | None:
    """Return the article's address as the outlet's feeds write it; None where they leave it to the guid."""
    path = url.removeprefix(outlet.home)
    return {
        "plain": url,
        "tracking": f"{url}?utm_source=feed&utm_medium=rss&utm_campaign=latest",
        "upper_host": f"https://{outlet.host.upper()}{path}",
        "relative": path,
        "guid_only": None,
        "short": f"{outlet.home}/s/{article.number}",
    }[outlet.links]


# --- pages ---


def render_article(
    renderer: Renderer, outlet: OutletPlan, template: str, language: str, article: Article, earlier: Sequence[Article]
) -> str:
    """Write the page of an article; `earlier` are the outlet's older articles in that language, newest first."""
    related = _links(renderer, outlet, language, earlier, RELATED_LINKS)
    most_read = _links(
        renderer, outlet, language, sorted(earlier, key=lambda one: one.number)[:MOST_READ_LINKS], MOST_READ_LINKS
    )
    published = article.published_at.astimezone(outlet.zone)
    updated = article.updated_at.astimezone(outlet.zone)
    words = renderer.words_of(language)
    return renderer.render(
        template,
        language,
        site=outlet,
        article=article,
        page_language=article.language or language,
        url=article_url(outlet, language, article),
        published=published,
        updated=updated,
        is_corrected=bool(article.correction),
        shown_date=words.day_and_time(published),
        shown_update=words.day_and_time(updated),
        related=related,
        most_read=most_read,
        read_also=related[0],
    )


def render_front(renderer: Renderer, outlet: OutletPlan, message: str | None = None) -> str:
    """Write the front page, which names the feeds; `message` is shown above everything."""
    language = outlet.feed[0].language
    links = _links(renderer, outlet, language, (), MOST_READ_LINKS)
    return renderer.render("front.html", language, site=outlet, links=links, message=message)


def _links(
    renderer: Renderer, outlet: OutletPlan, language: str, earlier: Sequence[Article], count: int
) -> tuple[Link, ...]:
    """Return that many headlines: earlier articles first, then headlines from the archive."""
    links = [Link(one.title, article_url(outlet, language, one)) for one in earlier[:count]]
    archive = renderer.words_of(language).archive
    links += [Link(title, f"{outlet.home}/archive/{position}") for position, title in enumerate(archive, start=1)]
    return tuple(links[:count])


# --- feeds ---


def render_feed(
    renderer: Renderer, outlet: OutletPlan, feed: FeedPlan, items: Sequence[Article], built_at: datetime
) -> str:
    """Write a feed document with these items, newest first."""
    return renderer.render(
        "feed.json" if feed.format == "json" else f"{feed.format}.xml",
        feed.language,
        site=outlet,
        feed=feed,
        built_at=built_at.astimezone(outlet.zone),
        items=[_item(outlet, feed, article) for article in items],
    )


def render_sitemap(renderer: Renderer, outlet: OutletPlan, listed: Sequence[tuple[str, Article]]) -> str:
    """Write a news sitemap with these articles, each with its language, newest first."""
    latest = sorted(listed, key=lambda pair: pair[1].published_at, reverse=True)
    pages = [
        {
            "url": article_url(outlet, language, article),
            "title": article.title,
            "language": language,
            "published": article.published_at.astimezone(outlet.zone),
        }
        for language, article in latest
    ]
    return renderer.render("sitemap-news.xml", outlet.feed[0].language, site=outlet, pages=pages)


def _item(outlet: OutletPlan, feed: FeedPlan, article: Article) -> dict[str, Any]:
    """Return what a feed template needs of an article."""
    url = article_url(outlet, feed.language, article)
    published = article.published_at.astimezone(outlet.zone)
    is_zoned = feed.dates == "zoned"
    return {
        "article": article,
        "url": url,
        "link": link_in_feed(outlet, url, article),
        "published": published,
        "updated": article.updated_at.astimezone(outlet.zone),
        "shown_date": format_datetime(published) if is_zoned else f"{published:%d.%m.%Y %H:%M}",
    }


def _html_paragraphs(paragraphs: Sequence[str]) -> str:
    """Return the body as the HTML that a feed carries inside its own markup; the template escapes it."""
    return "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in paragraphs)
