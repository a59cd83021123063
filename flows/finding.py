"""`monitor sources find`: the feeds and sitemaps of a site, tried out, and a catalogue entry made of them.

The page and robots.txt are asked first, then what they name, then what the pages found on the way name, and the usual
paths where nothing else is a feed: few requests, one after the other. Called by `sources_cli`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from flows.probing import Probe
from flows.settings import Settings, SettingsError
from sources.catalogue import load_catalogue
from sources.redirects import address_problem
from transforms.catalogue_entry import CatalogueEntry, country_of, entry_toml, outlet_id_of
from transforms.discovery import (
    Candidate,
    PageIdentity,
    distinct,
    feeds_in_page,
    identity_of,
    tree_of,
    usual_feeds,
    usual_sitemaps,
)
from transforms.feed_choice import TriedFeed, choose_feeds, entry_feed
from transforms.feed_profile import profile_feed
from transforms.feeds import FeedOptions, parse_feed
from transforms.language import detect_language
from transforms.plain import text_of
from transforms.records import Capture, CaptureKind, Feed, FeedState, Outcome, Outlet, Request
from transforms.sitemaps import names_news, read_sitemap, sitemaps_of_robots

MOST_CANDIDATES = 15  # of one round: at five seconds apart a little more than a minute of a site
MOST_SITEMAPS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """What a site has: the entry as TOML where a new feed answered, every candidate tried, and what to know."""

    toml: str | None
    tried: tuple[TriedFeed, ...]
    remarks: tuple[str, ...]


def find_sources(settings: Settings, address: str, at: datetime | None = None) -> Found:
    """Look for the feeds and sitemaps of the site at an address. Raises SettingsError for what is none."""
    url = address if "://" in address else f"https://{address}"
    ports = None if settings.fetch.allow_private_addresses else settings.fetch.allowed_ports
    if problem := address_problem(url, ports):
        raise SettingsError(f"{address}: {problem}. Name a site, such as https://example.org/.")
    return _Search(settings, url, at).run()


class _Search:
    """One search: what was asked so far, and what it was found to be."""

    def __init__(self, settings: Settings, url: str, at: datetime | None) -> None:
        self.catalogue = load_catalogue(settings.catalogue)
        self.probe = Probe(settings, "find", at)
        self.url = url
        self.outlet = _unknown_outlet(url, {outlet.outlet_id for outlet in self.catalogue})
        self.tried: list[TriedFeed] = []

    def run(self) -> Found:
        """Ask in rounds, each for what the one before named."""
        asked = self._pages()
        pages = [capture for capture in asked if _is_fetched(capture)]
        if not any(capture.response.status for capture in asked):
            return Found(None, (), tuple(_failure_in_words(capture) for capture in asked))
        given = (self._read(Candidate(page.request.url, "the address given"), page) for page in pages)
        self.tried += [one for one in given if one.is_feed]
        self._try(_named(pages), "try feeds")
        self._try(_named(one.capture for one in self.tried if one.parsed.outcome is Outcome.NOT_A_FEED), "try links")
        home = self._home(pages)
        if not any(one.is_feed for one in self.tried):
            self._try(usual_feeds(home), "try usual paths")
        sitemaps = self._sitemaps(home)
        kept, left_out = choose_feeds(self.tried, self._known())
        remarks = (*left_out, *sitemaps)
        return Found(self._toml(pages, home, kept, remarks) if kept else None, tuple(self.tried), remarks)

    def _pages(self) -> list[Capture]:
        """Ask for the page given and for the site's front page."""
        urls = dict.fromkeys((self.url, urljoin(self.url, "/")))
        requests = [Request(CaptureKind.PAGE, self.outlet.outlet_id, url) for url in urls]
        return self.probe.ask(requests, "look at the site")

    def _known(self) -> dict[str, str]:
        """Return the ids of the catalogue's feeds by their addresses."""
        return {feed.url.rstrip("/"): feed.feed_id for outlet in self.catalogue for feed in outlet.feeds}

    def _home(self, pages: Sequence[Capture]) -> str:
        """Return the address of the front page, where it answered from in the end."""
        return urljoin(pages[-1].response.final_url if pages else self.url, "/")

    def _try(self, candidates: Iterable[Candidate], label: str) -> None:
        """Ask for candidates that were not asked for yet."""
        known = {one.candidate.url for one in self.tried}
        new = [one for one in distinct(candidates) if one.url not in known][:MOST_CANDIDATES]
        feeds = [Request(CaptureKind.FEED, self.outlet.outlet_id, one.url) for one in new]
        for candidate, capture in zip(new, self.probe.ask(feeds, label) if feeds else [], strict=True):
            self.tried.append(self._read(candidate, capture))

    def _read(self, candidate: Candidate, capture: Capture) -> TriedFeed:
        """Return what a candidate's answer is."""
        feed = Feed("found", self.outlet.outlet_id, candidate.url, None, capture.fetched_at.date(), "")
        options = FeedOptions(frozen_days=self.probe.settings.schedule.frozen_days)
        parsed = parse_feed(capture, feed, self.outlet, FeedState(feed.feed_id), options)
        return TriedFeed(candidate, capture, parsed, profile_feed(parsed, capture))

    def _sitemaps(self, home: str) -> tuple[str, ...]:
        """Return the sitemaps that answer, each in words: those of robots.txt, else those at the usual paths."""
        robots = self._robots(home)
        named = sitemaps_of_robots(robots.response.payload, home) if robots else ()
        urls = (named or usual_sitemaps(home))[:MOST_SITEMAPS]
        requests = [Request(CaptureKind.SITEMAP, self.outlet.outlet_id, url) for url in urls]
        answers = self.probe.ask(requests, "try sitemaps")
        return tuple(words for capture in answers if (words := _sitemap_in_words(capture)))

    def _robots(self, home: str) -> Capture | None:
        """Return the answer for the site's robots.txt, asked for where nobody had to yet."""
        url = urljoin(home, "/robots.txt")
        known = (
            one for one in self.probe.captures if one.request.kind is CaptureKind.ROBOTS and one.request.url == url
        )
        capture = next(known, None)
        if capture is None:
            (capture,) = self.probe.ask([Request(CaptureKind.ROBOTS, self.outlet.outlet_id, url)], "look at robots.txt")
        return capture if _is_fetched(capture) else None

    def _toml(self, pages: Sequence[Capture], home: str, feeds: Sequence[TriedFeed], remarks: Sequence[str]) -> str:
        """Return the entry."""
        identity = _identity(pages)
        entry = CatalogueEntry(
            outlet_id=self.outlet.outlet_id,
            name=identity.name or feeds[0].parsed.title or urlsplit(home).netloc,
            country=country_of(home),
            language=_language(pages),
            time_zone=_usual_zone(country_of(home), self.catalogue),
            home_url=home,
            feeds=[entry_feed(feed) for feed in feeds],
            remarks=remarks,
        )
        return entry_toml(entry, self.probe.clock().date())


def _is_fetched(capture: Capture) -> bool:
    """Say whether there are bytes to read."""
    return capture.response.outcome is Outcome.FETCHED


def _failure_in_words(capture: Capture) -> str:
    """Return why an address could not be had."""
    response = capture.response
    return f"{capture.request.url}: {response.outcome.replace('_', ' ')}" + (
        f" ({response.error})" if response.error else ""
    )


def _named(pages: Iterable[Capture]) -> Iterator[Candidate]:
    """Yield the candidates that pages name."""
    for page in pages:
        response = page.response
        yield from feeds_in_page(response.payload, response.header("content-type"), response.final_url)


def _identity(pages: Sequence[Capture]) -> PageIdentity:
    """Return what the front page calls the site."""
    response = pages[-1].response if pages else None
    return (
        identity_of(response.payload, response.header("content-type"), response.final_url)
        if response
        else PageIdentity()
    )


def _language(pages: Sequence[Capture]) -> str:
    """Return the language that the site's pages are written in; English where there is nothing to measure."""
    for page in pages:
        tree = tree_of(page.response.payload, page.response.header("content-type"))
        if tree is not None and (language := detect_language(text_of(tree))):
            return language
    return "en"


def _sitemap_in_words(capture: Capture) -> str | None:
    """Return what a sitemap holds, or None for what is none."""
    if not _is_fetched(capture):
        return None
    url = capture.response.final_url
    sitemap = read_sitemap(capture.response.payload, url, UTC)
    if sitemap.error:
        return None
    if sitemap.sitemaps:
        return f"sitemap: {url} (an index of {len(sitemap.sitemaps)})"
    is_news = any(page.is_news for page in sitemap.pages) or names_news(url)
    return f"sitemap: {url} ({len(sitemap.pages)} addresses{', of news' if is_news else ''})"


def _usual_zone(country: str, catalogue: Sequence[Outlet]) -> str | None:
    """Return the time zone of most outlets of that country in the catalogue."""
    zones = Counter(outlet.time_zone for outlet in catalogue if outlet.country == country != "XX")
    return zones.most_common(1)[0][0] if zones else None


def _unknown_outlet(url: str, taken: set[str]) -> Outlet:
    """Return an outlet of which only the address is known, for what asks and reads on somebody's account."""
    outlet_id = outlet_id_of(url, taken)
    return Outlet(outlet_id, outlet_id, None, country_of(url), (), "online", None, None, None, "UTC", url, ())
