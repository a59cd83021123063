"""Fetching: which feeds and pages are due, in groups of outlets that a person recognises.

Each attempt goes into the captures; nothing is read here of what comes back: `flows/loading.py` takes it from there.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flows.context import RunContext
from flows.progress import current
from sources.captures import CaptureWriter, read_capture
from sources.client import fetch_all
from transforms.records import REGION, Capture, CaptureKind, FeedState, Outlet, Request
from transforms.schedule import is_due
from warehouse import read

ROBOTS_HOLD = timedelta(hours=24)


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
    """Return a request for each feed of the group that may be asked now, with the validators of its last answer."""
    states = read.feed_states(context.warehouse)
    moment = context.clock()
    requests = []
    for outlet in group.outlets:
        for feed in outlet.feeds:
            state = states.get(feed.feed_id, FeedState(feed.feed_id))
            if is_due(state, moment):
                requests.append(
                    Request(CaptureKind.FEED, outlet.outlet_id, feed.url, feed.feed_id, state.etag, state.last_modified)
                )
    return requests


def pages_due(context: RunContext) -> dict[str, list[Request]]:
    """Return a request for each article page that is wanted now, by outlet."""
    wanted: dict[str, list[Request]] = {}
    for page in read.pages_wanted(context.warehouse, context.clock(), context.settings.run.pages_per_night):
        outlet_id, url = page.entry.outlet_id, page.entry.canonical_url
        if outlet_id in context.outlet_of and url is not None:
            wanted.setdefault(outlet_id, []).append(Request(CaptureKind.PAGE, outlet_id, url))
    return wanted


def fetch_group(
    context: RunContext, group: Group, requests: Sequence[Request], what: str, earlier: Sequence[Capture] = ()
) -> Counter[str]:
    """Fetch these addresses into the captures; return how many of them ended in which outcome.

    `earlier` are captures of the last hours whose robots.txt still holds.
    """
    with current().stage(f"fetch {what} · {group.name}", len(requests)) as advance:

        def on_done(capture: Capture) -> None:
            if capture.request.kind is not CaptureKind.ROBOTS:
                advance()

        captures = asyncio.run(_fetch(context, group, requests, earlier, on_done))
    asked = (capture for capture in captures if capture.request.kind is not CaptureKind.ROBOTS)
    return Counter(capture.response.outcome.value for capture in asked)


def robots_known(context: RunContext) -> list[Capture]:
    """Return the captures of robots.txt that still hold (RFC 9309: a day)."""
    since = context.clock() - ROBOTS_HOLD
    found = read.robots_captured(context.warehouse, since)
    return [read_capture(context.home.captures, name, offset) for name, offset in found]


async def _fetch(
    context: RunContext,
    group: Group,
    requests: Sequence[Request],
    earlier: Sequence[Capture],
    on_done: Callable[[Capture], None],
) -> list[Capture]:
    """Fetch the requests politely through the run's transport."""
    options = context.fetch_options
    with CaptureWriter(context.home.captures, group.slug, context.clock, user_agent=options.user_agent) as writer:
        async with context.transport() as transport:
            return await fetch_all(requests, transport, writer, options, context.clock, on_done, earlier=earlier)


def _group(number: int, outlets: tuple[Outlet, ...]) -> Group:
    """Return a group, named by its number and its countries."""
    countries = list(dict.fromkeys(outlet.country for outlet in outlets))
    shown = " ".join(countries[:4]) + (" …" if len(countries) > 4 else "")
    return Group(f"{number} {shown}", f"group-{number:02}", outlets)


def _rank(country: str) -> int:
    """Return a country's place in the order of the report: the region first."""
    return REGION.index(country) if country in REGION else len(REGION)
