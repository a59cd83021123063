"""Asking addresses by hand, outside any run: politely, captured like every attempt, without touching the warehouse.

A probe has a capture file of its own, which no run loads; so it needs no lock and may work beside a night. Called by
`checking` and `finding`.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from flows.home import Home
from flows.progress import current
from flows.reaching import fetch_options, transport_for
from flows.settings import Settings
from sources.captures import PROBES, CaptureWriter
from sources.client import fetch_all
from sources.robots import Robots, crawl_delay_seconds, origin_of, read_robots, refusal
from transforms.records import Capture, CaptureKind, Request


class Probe:
    """Some rounds of questions; what was learned of robots.txt, and each host's pause, hold from one to the next."""

    def __init__(self, settings: Settings, name: str, at: datetime | None = None) -> None:
        self.settings = settings
        self.clock: Callable[[], datetime] = (lambda: at) if at is not None else (lambda: datetime.now(UTC))
        self.options = fetch_options(settings)
        self.captures: list[Capture] = []
        self._file = f"{PROBES}{name}-{self.clock():%H%M%S}-{os.getpid()}"

    def ask(self, requests: Sequence[Request], label: str) -> list[Capture]:
        """Return what came of these requests, in their order; `label` names the round for people."""
        with current().stage(label, len(requests)) as advance:

            def on_done(capture: Capture) -> None:
                if capture.request in requests:
                    advance()

            captures = asyncio.run(self._ask(requests, on_done))
        answers = {capture.request: capture for capture in captures}
        return [answers[request] for request in requests]

    def robots(self, url: str) -> Robots | None:
        """Return what the robots.txt for an address allows, as far as it was asked for."""
        origin = origin_of(url)
        for capture in reversed(self.captures):
            if capture.request.kind is CaptureKind.ROBOTS and origin_of(capture.request.url) == origin:
                return read_robots(capture.response)
        return None

    def robots_in_words(self, url: str) -> str:
        """Return what robots.txt says of an address: allowed, with the pause it asks for, refused, or not known."""
        robots, agent = self.robots(url), self.options.user_agent
        if robots is None:
            return "not asked"
        if robots.failure is not None:
            return f"unknown ({robots.failure.outcome})"
        if refusal(robots, url, agent) is not None:
            return "refused"
        delay = crawl_delay_seconds(robots, agent)
        return f"allowed, every {delay:g} s" if delay else "allowed"

    async def _ask(self, requests: Sequence[Request], on_done: Callable[[Capture], None]) -> list[Capture]:
        """Ask for these addresses into the probe's file, and keep what came."""
        folder, earlier = Home(self.settings.home).captures, tuple(self.captures)
        with CaptureWriter(folder, self._file, self.clock, user_agent=self.options.user_agent) as writer:
            async with transport_for(self.settings, self.clock) as transport:
                found = await fetch_all(requests, transport, writer, self.options, self.clock, on_done, earlier=earlier)
        self.captures += found
        return found
