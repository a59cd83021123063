"""Fetching: which feeds and pages are due, in groups of outlets that a person recognises.

Each attempt goes into the captures; nothing is read here of what comes back: `flows/loading.py` takes it from there.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.announced import Announced
from flows.context import RunContext
from flows.outlet_board import OutletBoard
from flows.progress import current
from flows.tally import Tally
from sources.captures import CaptureWriter, read_capture
from sources.client import fetch_all
from sources.robots import LONGEST_HOLD, still_holds
from transforms.records import REGION, Capture, CaptureKind, Feed, FeedState, Outlet, Request
from transforms.schedule import LEAD, is_due
from transforms.validators import validators_to_send
from warehouse import read


@dataclass(frozen=True, slots=True)
class Group:
    """Some outlets that are fetched in one task; the name says which countries they are from."""

    name: str
    slug: str  # the name in file names
    outlets: tuple[Outlet, ...]


def groups_of(outlets: Sequence[Outlet], size: int) -> tuple[Group, ...]:
    """Return the outlets in groups of at most `size`, the region's countries first, neighbours together."""
    ordered = sorted(outlets, key=lambda outlet: (_rank(outlet.country), outlet.country, outlet.outlet_id))
    chunks = [tuple(ordered[start : start + size]) for start in range(0, len(ordered), size)]
    return tuple(_group(number, chunk) for number, chunk in enumerate(chunks, start=1))


def feeds_due(context: RunContext, group: Group) -> list[Request]:
    """Return a request for each feed of the group that may be asked now, with the validators of its last answer.

    Feeds that fall due in a moment come last, with the time that the client must wait for; a stopped clock would never
    reach it, so a recording does without them.
    """
    states = read.feed_states(context.warehouse)
    moment = context.clock()
    lead = timedelta() if context.settings.recording else LEAD
    feeds = [feed for outlet in group.outlets for feed in outlet.feeds]
    known = [(feed, states.get(feed.feed_id, FeedState(feed.feed_id))) for feed in feeds]
    requests = [feed_request(feed, state, moment) for feed, state in known if is_due(state, moment, lead)]
    return sorted(requests, key=lambda request: request.not_before or moment)


def feed_request(feed: Feed, state: FeedState, moment: datetime) -> Request:
    """Return the request for a feed: conditional where that can be trusted, and not before the feed is due."""
    etag, last_modified = validators_to_send(state, feed.url, moment)
    later = state.next_due_at if state.next_due_at and state.next_due_at > moment else None
    return Request(CaptureKind.FEED, feed.outlet_id, feed.url, feed.feed_id, etag, last_modified, later)


def pages_due(context: RunContext) -> dict[str, list[Request]]:
    """Return a request for each article page that is wanted now, by outlet."""
    wanted: dict[str, list[Request]] = {}
    for page in read.pages_wanted(context.warehouse, context.clock(), context.settings.run.pages_per_night):
        outlet_id, url = page.entry.outlet_id, page.entry.canonical_url
        if outlet_id in context.outlet_of and url is not None:
            request = Request(CaptureKind.PAGE, outlet_id, url, None, page.etag, page.last_modified)
            wanted.setdefault(outlet_id, []).append(request)
    return wanted


def fetch_group(
    context: RunContext, group: Group, requests: Sequence[Request], what: str, earlier: Sequence[Capture] = ()
) -> Counter[str]:
    """Fetch these addresses into the captures; return how many of them ended in which outcome.

    `earlier` are captures of the last hours whose robots.txt still holds.
    """
    display, tally = current(), Tally()
    display.board.expect({outlet.outlet_id: outlet.name for outlet in group.outlets}, requests)
    with display.stage(f"fetch {what} · {group.name}", len(requests), tally.words) as advance:

        def on_done(capture: Capture) -> None:
            display.board.note(capture)
            tally.add(capture)
            if capture.request.kind is not CaptureKind.ROBOTS:
                advance()

        asyncio.run(_fetch(context, group, requests, earlier, on_done, display.board))
    return tally.outcomes


def robots_known(context: RunContext) -> list[Capture]:
    """Return the captures of robots.txt that still hold (RFC 9309: a day, where it could be had)."""
    moment = context.clock()
    found = read.robots_captured(context.warehouse, moment - LONGEST_HOLD)
    captures = (read_capture(context.home.captures, name, offset) for name, offset in found)
    return [capture for capture in captures if still_holds(capture, moment)]


async def _fetch(
    context: RunContext,
    group: Group,
    requests: Sequence[Request],
    earlier: Sequence[Capture],
    on_done: Callable[[Capture], None],
    board: OutletBoard,
) -> None:
    """Fetch the requests politely through the run's transport."""
    options, clock = context.fetch_options, context.clock
    with CaptureWriter(context.home.captures, group.slug, clock, user_agent=options.user_agent) as writer:
        async with Announced(context.transport(), board) as transport:
            await fetch_all(
                requests,
                transport,
                writer,
                options,
                clock,
                on_done,
                earlier=earlier,
                turns=context.turns,
                keeps_bodies=False,
            )


def _group(number: int, outlets: tuple[Outlet, ...]) -> Group:
    """Return a group, named by its number and its countries."""
    countries = list(dict.fromkeys(outlet.country for outlet in outlets))
    shown = " ".join(countries[:4]) + (" …" if len(countries) > 4 else "")
    return Group(f"{number} {shown}", f"group-{number:02}", outlets)


def _rank(country: str) -> int:
    """Return a country's place in the order of the report: the region first."""
    return REGION.index(country) if country in REGION else len(REGION)
