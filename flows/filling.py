"""Filling gaps: what rolled out of a feed between two polls is looked for on its further pages and in sitemaps.

In rounds: each gap says, by what is captured so far, which document it wants next; the round's documents are fetched
politely and loaded; until no gap wants anything. A run that was killed in a round finishes that round first.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flows.context import RunContext
from flows.fetching import Group, fetch_group, robots_known
from flows.load_filling import gaps_at, read_page
from flows.loading import load_pending
from sources.captures import read_capture
from transforms.dates import zone_of
from transforms.gaps import GapFacts, leads_back, next_request
from transforms.records import Capture, CaptureKind, FeedGap, Request
from warehouse import read

MAX_ROUNDS = 20  # more than the bounds of `transforms.gaps` let one gap want


@dataclass(frozen=True, slots=True)
class _Want:
    """A document that a gap wants, its place in the order, and what is captured for the gap already."""

    request: Request
    place: tuple[bool, int]  # pages of feeds before sitemaps; after how many of its kind
    captures: tuple[Capture, ...]


def has_gaps(context: RunContext) -> bool:
    """Say whether any feed has a gap that wants something: most nights none has, and no stage is run."""
    return bool(_wanted(context, robots_known(context)))


def fill_gaps(context: RunContext) -> None:
    """Ask for what may fill the feeds' gaps, and load it."""
    for _ in range(MAX_ROUNDS):
        robots = robots_known(context)
        wanted = _wanted(context, robots)
        if not wanted:
            return
        # the gaps that are behind come first, so that an interrupted round is finished before the next begins
        first = min(want.place for want in wanted)
        turn = [want for want in wanted if want.place == first]
        requests = list({want.request.url: want.request for want in turn}.values())
        # what was asked for before goes along for the sake of the pauses between two requests to one host
        earlier = [*robots, *(capture for want in turn for capture in want.captures)]
        for outcome, number in fetch_group(context, _GROUP, requests, "what fills gaps", earlier).items():
            context.count(f"gaps_{outcome}", number)
        load_pending(context)


_GROUP = Group("gaps", "filling", ())


def _wanted(context: RunContext, robots: list[Capture]) -> list[_Want]:
    """Return what each gap wants next, in the order of the gaps."""
    wants = (_want(context, gap, robots) for gap in gaps_at(context, context.clock()))
    return [want for want in wants if want is not None]


def _want(context: RunContext, gap: FeedGap, robots: list[Capture]) -> _Want | None:
    """Return what a gap wants next, None when that is nothing."""
    asked = read.gap_documents(context.warehouse, gap)
    captures = [
        read_capture(context.home.captures, row["warc_file"], row["warc_offset_bytes"])
        for row in asked
        if row["warc_file"] is not None
    ]
    poll = next((one for one in captures if one.request.kind is CaptureKind.FEED), None)
    if poll is None:
        return None
    facts = GapFacts(
        poll=poll,
        robots=_robots_of(poll, robots),
        answers={one.request.url: one for one in captures if one is not poll},
        asked={row["url"] for row in asked},
        is_reached={one.request.url for one in captures if _leads_back(context, gap, one)},
    )
    request = next_request(gap, facts, zone_of(context.outlet_of[gap.outlet_id].time_zone))
    if request is None:
        return None
    place = (request.kind is CaptureKind.SITEMAP, sum(row["kind"] == request.kind for row in asked))
    return _Want(request, place, tuple(captures))


def _leads_back(context: RunContext, gap: FeedGap, capture: Capture) -> bool:
    """Say whether a captured document is a further page that closes the gap."""
    if capture.request.kind is not CaptureKind.FEED_PAGE:
        return False
    return leads_back(gap, read_page(context, gap, capture).entries)


def _robots_of(poll: Capture, robots: list[Capture]) -> Capture | None:
    """Return the newest robots.txt of the host that answered a poll."""
    host = urlsplit(poll.response.final_url).hostname
    return next((one for one in reversed(robots) if urlsplit(one.request.url).hostname == host), None)
