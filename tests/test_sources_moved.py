"""Where an address has moved for good: what chains of redirects amount to, on the way and after a replay."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sources.answers import read_answer
from sources.captures import CaptureWriter, read_captures
from sources.redirects import follow
from sources.replay import ReplayTransport
from transforms.records import CaptureKind, Request, Response

NIGHT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
OLD, NEW, NEWER = "http://a.example/old", "https://a.example/new", "https://b.example/newer"
FEED = Request(CaptureKind.FEED, "a", OLD, "a/ru")

CHAINS: dict[str, tuple[list[tuple[int, str]], str | None]] = {
    "an answer at once": ([], None),
    "moved permanently": ([(301, NEW)], NEW),
    "a permanent redirect": ([(308, NEW)], NEW),
    "found elsewhere": ([(302, NEW)], None),
    "temporarily elsewhere": ([(307, NEW)], None),
    "moved twice": ([(301, NEW), (308, NEWER)], NEWER),
    "moved, and there for now elsewhere": ([(301, NEW), (302, NEWER)], NEW),
    "for now elsewhere, which has moved": ([(302, NEW), (301, NEWER)], None),
}


def answered(chain: list[tuple[int, str]], status: int = 200) -> Response:
    """Follow a chain of redirects to an answer."""
    steps = iter([*chain, (status, "")])

    async def ask(request: Request) -> Response:
        status, target = next(steps)
        return read_answer(request, status, (("Location", target),) if target else (), b"<rss/>", 1_000)

    return asyncio.run(follow(FEED, ask, max_redirects=5))


@pytest.mark.parametrize("situation", CHAINS)
def test_where_permanent_redirects_lead(situation: str) -> None:
    chain, moved_to = CHAINS[situation]
    assert answered(chain).moved_to == moved_to


@pytest.mark.parametrize("situation", CHAINS)
def test_captures_and_their_replay_know_it_too(situation: str, tmp_path: Path) -> None:
    chain, moved_to = CHAINS[situation]
    with CaptureWriter(tmp_path, "night", lambda: NIGHT) as writer:
        writer.write(FEED, answered(chain), NIGHT)
    (capture,) = read_captures(tmp_path, "2026-11-22/night.warc.gz")
    assert capture.response.moved_to == moved_to
    replayed = asyncio.run(follow(FEED, ReplayTransport(tmp_path, lambda: NIGHT).ask, max_redirects=5))
    assert replayed.moved_to == moved_to
