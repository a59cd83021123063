"""Composes the recording of the region: what each address answered, from which moment on.

    python -m examples.region.compose OUT

writes `OUT/index.jsonl` and the bodies beside it. The same articles give the same bytes. Nothing is fetched, no clock
is read. The tests and the demonstration call `compose`; the monitor replays what it wrote.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from examples.region.model import (
    HERE,
    Article,
    FeedPlan,
    Incident,
    IncidentKind,
    OutletPlan,
    Region,
    load_articles,
    load_region,
)
from examples.region.rendering import (
    Renderer,
    article_url,
    http_date,
    link_in_feed,
    load_renderer,
    render_article,
    render_feed,
    render_front,
    render_sitemap,
)
from transforms.records import digest

Headers = dict[str, str]
NEWS_AGE = timedelta(days=2)  # how long a news sitemap lists an article


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answers from a moment on; `outcome` stands where there is no answer."""

    at: datetime
    url: str
    status: int | None = 200
    outcome: str | None = None
    headers: Headers = field(default_factory=dict)
    body: bytes | None = None
    suffix: str = ".html"


@dataclass(frozen=True, slots=True)
class Site:
    """One outlet with all that it publishes and all that happens to it."""

    region: Region
    outlet: OutletPlan
    articles: dict[str, tuple[Article, ...]]  # by feed language
    incidents: tuple[Incident, ...]
    renderer: Renderer

    def incident(self, kind: IncidentKind, at: datetime, language: str | None = None) -> Incident | None:
        """Return the incident of that kind which is going on."""
        return next((one for one in self.incidents if one.kind == kind and one.holds(at, language)), None)


def compose(target: Path, folder: Path = HERE) -> None:
    """Write the recording of the region in `folder` to `target`. Raises FileError for what a writer got wrong."""
    region, renderer = load_region(folder), load_renderer(folder)
    articles = load_articles(region, folder)
    answers: list[Answer] = []
    for outlet in region.outlet:
        published = {feed.language: articles[outlet.id, feed.language] for feed in outlet.feed}
        incidents = tuple(one for one in region.incident if one.outlet == outlet.id)
        answers += _site_answers(Site(region, outlet, published, incidents, renderer))
    _write(target, answers)


def _site_answers(site: Site) -> Iterator[Answer]:
    """Yield everything that an outlet's host answers."""
    yield from _robots_answers(site)
    yield from _sitemap_answers(site)
    yield _page_answer(site, site.region.begins_at, site.outlet.home + "/", render_front(site.renderer, site.outlet))
    for feed in site.outlet.feed:
        for article in site.articles[feed.language]:
            yield from _article_answers(site, feed.language, article)
        yield from _changes(_feed_answers(site, feed))


def _robots_answers(site: Site) -> Iterator[Answer]:
    """Yield robots.txt, where the outlet has one; elsewhere the recording knows no such address."""
    if site.outlet.robots is not None:
        headers = {"Content-Type": "text/plain"}
        body = site.outlet.robots.strip().encode() + b"\n"
        url = f"{site.outlet.home}/robots.txt"
        yield Answer(site.region.begins_at, url, headers=headers, body=body, suffix=".txt")


def _sitemap_answers(site: Site) -> Iterator[Answer]:
    """Yield each state of the news sitemap, where the outlet has one."""
    if site.outlet.news_sitemap is not None:
        listed = [(language, article) for language, articles in site.articles.items() for article in articles]
        for at in sorted({site.region.begins_at, *(article.published_at for _, article in listed)}):
            shown = [(language, one) for language, one in listed if at - NEWS_AGE < one.published_at <= at]
            body = render_sitemap(site.renderer, site.outlet, shown).encode()
            url = site.outlet.home + site.outlet.news_sitemap
            yield Answer(at, url, headers={"Content-Type": "application/xml"}, body=body, suffix=".xml")


# --- pages ---


def _article_answers(site: Site, language: str, article: Article) -> Iterator[Answer]:
    """Yield each state of an article's page, at each address under which the outlet links to it."""
    canonical = article_url(site.outlet, language, article)
    link = link_in_feed(site.outlet, canonical, article)
    for at in _page_moments(site, article):
        body = _article_page(site, language, article, at)
        yield _page_answer(site, at, canonical, body)
        if site.outlet.links in {"tracking", "upper_host"} and link is not None:
            yield _page_answer(site, at, link, body)
    if site.outlet.links == "short" and link is not None:
        yield Answer(article.published_at, link, 301, headers={"Location": canonical})


def _page_moments(site: Site, article: Article) -> list[datetime]:
    """Return the moments at which a page changes: its own versions, and a new look of the whole site."""
    new_looks = [one.begins_at for one in site.incidents if one.kind == "template_change"]
    return sorted({*article.versions_at, *(at for at in new_looks if at > article.published_at)})


def _article_page(site: Site, language: str, article: Article, at: datetime) -> str:
    """Write an article's page as it stands at that moment."""
    change = site.incident("template_change", at)
    template = change.template if change and change.template else site.outlet.template
    older = [one for one in site.articles[language] if one.published_at < article.published_at]
    earlier = [one.at(article.published_at) for one in reversed(older)]
    return render_article(site.renderer, site.outlet, template, language, article.at(at), earlier)


def _page_answer(site: Site, at: datetime, url: str, page: str) -> Answer:
    """Make the answer that carries a page, in the site's encoding."""
    body = page.encode(site.outlet.encoding, errors="xmlcharrefreplace")
    headers = {"Content-Type": f"text/html; charset={site.outlet.encoding}"}
    return Answer(at, url, headers=headers | _validators(site.outlet, body, at), body=body)


def _validators(outlet: OutletPlan, body: bytes, changed_at: datetime) -> Headers:
    """Return the headers by which the outlet lets a caller ask whether anything changed."""
    values = {"etag": ("ETag", f'"{digest(body)[:16]}"'), "last_modified": ("Last-Modified", http_date(changed_at))}
    return dict(values[name] for name in outlet.validators)


# --- feeds ---


def _feed_answers(site: Site, feed: FeedPlan) -> Iterator[Answer]:
    """Yield what a feed's address answers at each moment at which that may change."""
    for at in _feed_moments(site, feed):
        yield from _feed_answers_at(site, feed, at)


def _feed_moments(site: Site, feed: FeedPlan) -> list[datetime]:
    """Return the moments at which a feed may change: what is published, what happens, nights where stamped."""
    moments = {site.region.begins_at}
    moments.update(at for article in site.articles[feed.language] for at in article.versions_at)
    for incident in site.incidents:
        moments.update(at for at in (incident.begins_at, incident.ends_at) if at is not None)
    if site.outlet.stamps_nightly:
        moments.update(site.region.nights)
    return sorted(moments)


def _feed_answers_at(site: Site, feed: FeedPlan, at: datetime) -> Iterator[Answer]:
    """Yield what a feed's address answers at that moment, and its new address where it has moved."""
    url = site.outlet.home + feed.path
    failure = next((kind for kind in FAILURES if site.incident(kind, at, feed.language)), None)
    moved = site.incident("moved", at, feed.language)
    if failure is not None:
        yield FAILURES[failure](site, feed, at, url)
    elif moved is not None and moved.path is not None:
        yield Answer(at, url, 301, headers={"Location": site.outlet.home + moved.path})
        yield _feed_document(site, feed, at, site.outlet.home + moved.path)
    else:
        yield _feed_document(site, feed, at, url)


def _feed_document(site: Site, feed: FeedPlan, at: datetime, url: str) -> Answer:
    """Make the answer that carries the feed itself."""
    silent = site.incident("silent", at, feed.language)
    until = silent.begins_at if silent else at
    shown = [article.at(until) for article in site.articles[feed.language] if article.published_at <= until]
    items = sorted(shown, key=lambda one: one.published_at, reverse=True)[: feed.window]
    changed_at = max((one.updated_at for one in shown), default=site.region.begins_at)
    built_at = at if site.outlet.stamps_nightly else changed_at
    text = render_feed(site.renderer, site.outlet, feed, items, built_at)
    is_mislabelled = site.incident("wrong_encoding", at, feed.language)
    body = text.encode("windows-1251" if is_mislabelled else "utf-8", errors="xmlcharrefreplace")
    headers = {"Content-Type": feed.content_type} | _validators(site.outlet, body, changed_at)
    return Answer(at, url, headers=headers, body=body, suffix=".json" if feed.format == "json" else ".xml")


def _silence(_site: Site, _feed: FeedPlan, at: datetime, url: str) -> Answer:
    """Make the answer of a host that does not answer."""
    return Answer(at, url, status=None, outcome="timeout")


def _refusal(status: int, kind: IncidentKind, site: Site, feed: FeedPlan, at: datetime, url: str) -> Answer:
    """Make the answer of a host that asks to be called later."""
    incident = site.incident(kind, at, feed.language)
    wait = incident.retry_after_seconds if incident and incident.retry_after_seconds else 600
    headers = {"Content-Type": "text/plain", "Retry-After": str(wait)}
    return Answer(at, url, status, headers=headers, body=b"Try again later.\n", suffix=".txt")


def _front_for_feed(site: Site, feed: FeedPlan, at: datetime, url: str) -> Answer:
    """Make the answer of a site that has lost its feed: its front page, with status 200."""
    message = site.renderer.words_of(feed.language).redesign
    return _page_answer(site, at, url, render_front(site.renderer, site.outlet, message))


FAILURES: dict[IncidentKind, Callable[[Site, FeedPlan, datetime, str], Answer]] = {
    "timeout": _silence,
    "http_429": partial(_refusal, 429, "http_429"),
    "http_503": partial(_refusal, 503, "http_503"),
    "html_feed": _front_for_feed,
}


# --- writing ---


def _changes(answers: Iterable[Answer]) -> Iterator[Answer]:
    """Yield the answers that differ from the one before at the same address."""
    last: dict[str, tuple[int | None, Headers, bytes | None]] = {}
    for answer in answers:
        state = (answer.status, answer.headers, answer.body)
        if last.get(answer.url) != state:
            last[answer.url] = state
            yield answer


def _write(target: Path, answers: Sequence[Answer]) -> None:
    """Write the bodies, each once under the digest of its bytes, and the index in the order of time."""
    target.mkdir(parents=True, exist_ok=True)
    in_time = sorted(answers, key=lambda one: (one.at, one.url))
    lines = [_line(answer, _write_body(target, answer)) for answer in in_time]
    (target / "index.jsonl").write_text("".join(lines), encoding="utf-8")


def _write_body(target: Path, answer: Answer) -> str | None:
    """Write the body of an answer unless it lies there already, and return its path within the recording."""
    if answer.body is None:
        return None
    name = f"bodies/{digest(answer.body)}{answer.suffix}"
    path = target / name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(answer.body)
    return name


def _line(answer: Answer, body: str | None) -> str:
    """Return the line of the index for an answer."""
    record = {
        "at": answer.at.astimezone(UTC).isoformat(),
        "url": answer.url,
        "status": answer.status,
        "outcome": answer.outcome,
        "headers": answer.headers,
        "body": body,
    }
    return json.dumps(record, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    compose(Path(sys.argv[1]))
