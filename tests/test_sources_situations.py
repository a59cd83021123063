"""Whole sites and whole feeds on loopback: what robots.txt lets happen, what reading comes to, and the page of them."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sources.captures import CaptureWriter, read_captures
from sources.client import FetchOptions, fetch_all
from sources.network import NetworkTransport
from tests.misbehaving import Handler, body, redirect, serve
from tests.situations import DOCUMENT, FEEDS, GROUPS, SITES, Fed, Sited, render
from transforms.feeds import parse_feed
from transforms.records import Capture, CaptureKind, Feed, FeedState, Outcome, Outlet, Request

NIGHT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
OPTIONS = FetchOptions(allow_private_addresses=True, host_spacing_seconds=0)
HASTY = FetchOptions(allow_private_addresses=True, host_spacing_seconds=0, total_timeout_seconds=0.4)


def fetch(site: dict[str, Handler], path: str, folder: Path, options: FetchOptions = OPTIONS) -> list[Capture]:
    """Ask a site on loopback for one of its paths."""

    async def run() -> list[Capture]:
        async with serve(site) as base, NetworkTransport(options) as transport:
            writer = CaptureWriter(folder, "night", lambda: NIGHT)
            requests = [Request(CaptureKind.FEED, "o", base + path, "f")]
            return await fetch_all(requests, transport, writer, options, lambda: NIGHT)

    return asyncio.run(run())


@pytest.mark.parametrize("situation", SITES, ids=lambda one: one.name)
def test_what_robots_lets_happen(situation: Sited, tmp_path: Path) -> None:
    options = HASTY if situation.outcome is Outcome.TIMEOUT else OPTIONS
    robots, news = fetch(situation.site, "/news", tmp_path, options)
    assert news.response.outcome is situation.outcome, news.response
    assert (robots.request.kind, robots.capture_id) == (CaptureKind.ROBOTS, news.robots_capture_id)
    assert list(read_captures(tmp_path, news.warc_file)) == [robots, news]


@pytest.mark.parametrize("situation", FEEDS, ids=lambda one: one.name)
def test_what_a_feed_comes_to(situation: Fed, tmp_path: Path) -> None:
    *_, capture = fetch({"/rss": body(situation.data)}, "/rss", tmp_path)
    feed = Feed("f", "o", capture.request.url, "ru", date(2026, 1, 1), "x")
    outlet = Outlet("o", "N", None, "KZ", ("ru",), "agency", None, None, None, "Asia/Almaty", None, (feed,))
    parsed = parse_feed(capture, feed, outlet, FeedState("f"))
    assert parsed.outcome is situation.outcome, parsed.error
    assert not any("root:" in (entry.title or "") for entry in parsed.entries)


def test_the_site_that_a_redirect_leads_to_has_its_own_say(tmp_path: Path) -> None:
    """Two sites on loopback: the first sends us on, the second forbids it, and its robots.txt is the ground."""

    async def run() -> list[Capture]:
        forbids = {"/news": body(b"x"), "/robots.txt": body(b"User-agent: *\nDisallow: /\n")}
        writer = CaptureWriter(tmp_path, "night", lambda: NIGHT)
        async with (
            serve(forbids) as there,
            serve({"/news": redirect(f"{there}/news")}) as here,
            NetworkTransport(OPTIONS) as transport,
        ):
            requests = [Request(CaptureKind.PAGE, "o", f"{here}/news")]
            return await fetch_all(requests, transport, writer, OPTIONS, lambda: NIGHT)

    first, second, page = asyncio.run(run())
    assert [capture.request.kind for capture in (first, second)] == [CaptureKind.ROBOTS] * 2
    assert page.response.outcome is Outcome.ROBOTS
    assert page.robots_capture_id == second.capture_id
    assert page.response.redirects == (second.request.url.replace("robots.txt", "news"),)


def test_the_page_of_situations_is_current() -> None:
    message = "docs/situations.md is stale: run `python -m tests.situations`"
    assert DOCUMENT.read_text(encoding="utf-8") == render(), message


def test_situations_have_names_of_their_own_and_are_many() -> None:
    names = [(title, situation.name) for title, group in GROUPS for situation in group]
    assert len(set(names)) == len(names) >= 60
