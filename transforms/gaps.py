"""How a gap in a feed is filled: which document to ask for next, and which of a document's entries belong in the gap.

A feed that showed nothing known has rolled over since the poll before: what it showed in between is looked for on its
further pages, and where these do not lead back to what is known, in the site's sitemaps. Every step follows from what
was captured so far, so a run that was killed goes on where it stopped, and nothing is asked for twice. Pure; called by
the flow that fills gaps.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Final
from urllib.parse import urlsplit

from transforms.paging import next_page
from transforms.records import Capture, CaptureKind, Entry, FeedGap, Outcome, Request, digest
from transforms.sitemaps import Listed, Sitemap, names_news, read_sitemap, sitemaps_of_robots
from transforms.urls import article_id_of, canonical_url

MAX_PAGES: Final = 5  # further pages of one feed; at 10 to 50 items each that is days of most outlets
MAX_ROOTS: Final = 2  # sitemaps that robots.txt names
MAX_CHILDREN: Final = 3  # sitemaps of one index
MAX_FILLED: Final = 300  # pages that one sitemap may bring: more than an outlet publishes between two nights
_DELAY: Final = timedelta(hours=1)  # between the time that an item carries and its appearance in the feed


@dataclass(frozen=True, slots=True)
class GapFacts:
    """What is captured already of what could fill a gap."""

    poll: Capture  # the poll that met nothing known
    robots: Capture | None
    answers: Mapping[str, Capture]  # further pages and sitemaps that were had, by the address asked
    asked: Set[str]  # every address asked, those without an answer among them
    is_reached: Set[str]  # addresses of the pages among them that lead back to what is known


def next_request(gap: FeedGap, facts: GapFacts, zone: tzinfo) -> Request | None:
    """Return the next document that may fill the gap; None when there is none, or the gap is closed."""
    page = facts.poll
    for _ in range(MAX_PAGES):
        url = next_page(page)
        if url is None:
            break
        if url not in facts.asked:
            return Request(CaptureKind.FEED_PAGE, gap.outlet_id, url, gap.feed_id)
        if url in facts.is_reached:
            return None
        if url not in facts.answers:
            break
        page = facts.answers[url]
    unasked = (url for url in _sitemaps(gap, facts, zone) if url not in facts.asked)
    return next((Request(CaptureKind.SITEMAP, gap.outlet_id, url) for url in unasked), None)


def _sitemaps(gap: FeedGap, facts: GapFacts, zone: tzinfo) -> Iterator[str]:
    """Yield the addresses of the sitemaps to read, each index before its parts, as far as they are known by now."""
    robots = facts.robots.response if facts.robots else None
    if robots is None or robots.outcome is not Outcome.FETCHED:
        return
    for root in sitemaps_of_robots(robots.payload, robots.final_url)[:MAX_ROOTS]:
        yield root
        if root in facts.answers:
            yield from _parts(gap, _read(facts.answers[root], zone))


def _parts(gap: FeedGap, index: Sitemap) -> list[str]:
    """Return the parts of an index that may list pages of the gap: news first, then the latest changed.

    A part without a time may be the newest one: of those the last listed is the best guess.
    """
    live = [part for part in reversed(index.sitemaps) if part.at is None or part.at + timedelta(days=1) >= gap.since]
    latest = sorted(live, key=lambda part: part.at or gap.since, reverse=True)
    return [part.url for part in sorted(latest, key=lambda part: not names_news(part.url))][:MAX_CHILDREN]


def _read(capture: Capture, zone: tzinfo) -> Sitemap:
    """Return what a captured sitemap lists."""
    if capture.response.outcome is not Outcome.FETCHED:
        return Sitemap()
    return read_sitemap(capture.response.payload, capture.response.final_url, zone)


def leads_back(gap: FeedGap, entries: Collection[Entry]) -> bool:
    """Say whether a further page closes the gap: it meets what was known before, or shows only what is older."""
    if any(entry.article_id in gap.known_ids for entry in entries):
        return True
    times = [entry.published_at for entry in entries if entry.published_at]
    return bool(times) and max(times) < gap.since - _DELAY


def entries_of_page(gap: FeedGap, entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries of a further page that may have been missed; undated ones are taken."""
    earliest = gap.since - _DELAY
    return [
        entry
        for entry in entries
        if entry.article_id not in gap.known_ids | gap.shown_ids
        and (entry.published_at is None or entry.published_at >= earliest)
    ]


def entries_of_sitemap(gaps: Sequence[FeedGap], capture: Capture, zone: tzinfo) -> list[Entry]:
    """Return an entry for each page of a sitemap that lies in one of these gaps of its outlet, newest first.

    A page goes to the first gap whose time, language and form of address it fits: sitemaps also list front pages, tags
    and other languages.
    """
    listed = sorted(_read(capture, zone).pages, key=lambda page: page.at or gaps[0].since, reverse=True)
    found = (_entry(page, gap, capture) for page in listed if (gap := _gap_of(page, gaps)) is not None)
    return [entry for entry in found if entry is not None][:MAX_FILLED]


def _gap_of(page: Listed, gaps: Sequence[FeedGap]) -> FeedGap | None:
    """Return the first gap that a listed page may fill."""
    return next((gap for gap in gaps if _fits(page, gap)), None)


def _fits(page: Listed, gap: FeedGap) -> bool:
    """Say whether a listed page lies in the gap's time and looks like the feed's articles."""
    speaks = not (page.language and gap.language) or page.language.partition("-")[0] == gap.language.partition("-")[0]
    return speaks and page.lies_between(gap.since - _DELAY, gap.until) and _resembles(page.url, gap.known_urls)


def _resembles(url: str, known: Sequence[str]) -> bool:
    """Say whether an address is built like known articles' addresses: as deep, and below what all of them share."""
    if not known:
        return False
    paths = [_segments(address) for address in known]
    shared = 0
    while all(len(path) > shared + 1 and path[shared] == paths[0][shared] for path in paths):
        shared += 1
    path = _segments(url)
    return path[:shared] == paths[0][:shared] and len(path) in {len(one) for one in paths}


def _segments(url: str) -> list[str]:
    """Return the parts of an address's path; a query that chooses the page is one."""
    parts = urlsplit(url)
    return [segment for segment in parts.path.split("/") if segment] + ([parts.query] if parts.query else [])


def _entry(page: Listed, gap: FeedGap, capture: Capture) -> Entry | None:
    """Return a listed page as an entry of the feed that missed it; None for one that is known or has no usable form."""
    canonical = canonical_url(page.url)
    article_id = article_id_of(canonical) if canonical else None
    if article_id is None or article_id in gap.known_ids | gap.shown_ids:
        return None
    return Entry(
        entry_id=digest(gap.feed_id, page.url, "sitemap"),
        feed_id=gap.feed_id,
        outlet_id=gap.outlet_id,
        capture_id=capture.capture_id,
        article_id=article_id,
        guid=None,
        url=page.url,
        canonical_url=canonical,
        title=page.title,
        summary=None,
        author=None,
        section=None,
        published_at=page.at if page.is_news and not page.is_whole_day else None,
        updated_at=None if page.is_news else page.at,
        seen_at=capture.fetched_at,
    )
