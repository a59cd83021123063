"""The polite client: asks many addresses, one at a time per host, and captures every attempt.

Knows when and in which order to ask, and what robots.txt says; how to ask is the transport's business, the network or
a recording. The clock and the sleep are arguments. Called by `flows`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

from sources.captures import CaptureWriter
from sources.headers import DEFAULT_USER_AGENT
from sources.robots import (
    MAX_CRAWL_DELAY_SECONDS,
    Robots,
    crawl_delay_seconds,
    origin_of,
    read_robots,
    refusal,
    robots_request,
)
from transforms.records import Capture, CaptureKind, Request, Response


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How outlets are asked. A spacing of 0 turns all pauses off and makes the order of captures that of requests."""

    user_agent: str = DEFAULT_USER_AGENT
    host_spacing_seconds: float = 5.0
    total_timeout_seconds: float = 60.0  # for one attempt, redirects included
    connect_timeout_seconds: float = 15.0
    max_feed_bytes: int = 5_000_000  # as it comes, and again unpacked
    max_page_bytes: int = 5_000_000
    max_redirects: int = 5
    max_hosts_at_once: int = 32
    respect_robots: bool = True
    allow_private_addresses: bool = False  # for tests on loopback


class Transport(Protocol):
    """What answers requests: an async context manager; `send` never raises for anything a server does."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def send(self, request: Request) -> Response:
        """Return what came of a request, redirects followed."""
        ...


def body_limit(request: Request, options: FetchOptions) -> int:
    """Return how many bytes the body of an answer may have."""
    return options.max_feed_bytes if request.kind is CaptureKind.FEED else options.max_page_bytes


async def fetch_all(
    requests: Sequence[Request],
    transport: Transport,
    writer: CaptureWriter,
    options: FetchOptions,
    now: Callable[[], datetime],
    on_done: Callable[[Capture], None] = lambda _: None,
    *,
    earlier: Iterable[Capture] = (),
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> list[Capture]:
    """Ask all addresses and return the captures in the order of writing, those of robots.txt among them.

    The transport is entered already. `earlier` are captures of the same night: what they say of robots.txt holds, and
    a host they asked gets its pause. `on_done` is told of each capture as soon as it is written.
    """
    sink = _Sink(writer, on_done, is_ordered=options.host_spacing_seconds == 0)
    tour = _Tour(transport, sink, options, now, sleep)
    for capture in earlier:
        tour.remember(capture)
    queues: dict[str, list[tuple[int, Request]]] = {}
    for index, request in enumerate(requests):
        queues.setdefault(_host_of(request.url), []).append((index, request))
    gate = asyncio.Semaphore(options.max_hosts_at_once)
    async with asyncio.TaskGroup() as group:
        for host, queue in queues.items():
            group.create_task(_visit_host(tour, host, queue, gate))
    return sink.captures


async def _visit_host(tour: _Tour, host: str, queue: Sequence[tuple[int, Request]], gate: asyncio.Semaphore) -> None:
    """Ask one host for its addresses, one after the other."""
    async with gate:
        for index, request in queue:
            await tour.visit(host, index, request)


def _host_of(url: str) -> str:
    """Return the host that must not be asked twice at once; addresses without one share the empty name."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@dataclass(slots=True)
class _Sink:
    """Writes attempts as they come, or held back until all earlier requests are done, so that the order is theirs."""

    writer: CaptureWriter
    on_done: Callable[[Capture], None]
    is_ordered: bool
    captures: list[Capture] = field(default_factory=list)
    _held: dict[int, list[tuple[Request, Response, datetime]]] = field(default_factory=dict)
    _finished: set[int] = field(default_factory=set)
    _next: int = 0
    _is_writing: bool = False  # stays true when a write fails: what came after it would be out of order

    def add(self, index: int, request: Request, response: Response, at: datetime) -> None:
        """Take an attempt made for the request at an index: the request itself, or robots.txt before it."""
        if self.is_ordered:
            self._held.setdefault(index, []).append((request, response, at))
        else:
            self._write(request, response, at)

    def finish(self, index: int) -> None:
        """Take note that nothing more comes for an index, and write what now is in order."""
        self._finished.add(index)
        while self._next in self._finished:
            for attempt in self._held.pop(self._next, ()):
                self._write(*attempt)
            self._next += 1

    def _write(self, request: Request, response: Response, at: datetime) -> None:
        """Write one attempt, unless an earlier one failed and the other hosts are about to be stopped."""
        if self._is_writing:
            return
        self._is_writing = True
        capture = self.writer.write(request, response, at)
        self.captures.append(capture)
        self.on_done(capture)
        self._is_writing = False


@dataclass(slots=True)
class _Tour:
    """One call of fetch_all: what is known of robots.txt and of when each host may be asked again."""

    transport: Transport
    sink: _Sink
    options: FetchOptions
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[object]]
    _robots: dict[str, Robots] = field(default_factory=dict)  # by origin
    _free_at: dict[str, datetime] = field(default_factory=dict)  # by host

    def remember(self, capture: Capture) -> None:
        """Take over what an earlier capture tells of its host."""
        origin, host = origin_of(capture.request.url), _host_of(capture.request.url)
        if capture.request.kind is CaptureKind.ROBOTS and origin is not None:
            self._robots[origin] = read_robots(capture.response)
        seconds = capture.response.elapsed_seconds + self._spacing_seconds(origin)
        free_at = capture.fetched_at + timedelta(seconds=seconds)
        self._free_at[host] = max(free_at, self._free_at.get(host, free_at))

    async def visit(self, host: str, index: int, request: Request) -> None:
        """Ask for one address, after robots.txt where it is not known yet, and hand over each attempt."""
        origin = origin_of(request.url)
        refused = await self._refusal(host, index, request, origin)
        if refused is None:
            await self._ask(host, index, request, origin)
        else:
            self.sink.add(index, request, refused, self.now())
        self.sink.finish(index)

    async def _refusal(self, host: str, index: int, request: Request, origin: str | None) -> Response | None:
        """Return why robots.txt keeps us from asking, or None; asks for robots.txt once per origin."""
        if not self.options.respect_robots or request.kind is CaptureKind.ROBOTS or origin is None:
            return None
        if origin not in self._robots:
            response = await self._ask(host, index, robots_request(request, origin), origin)
            self._robots[origin] = read_robots(response)
        return refusal(self._robots[origin], request.url, self.options.user_agent)

    async def _ask(self, host: str, index: int, request: Request, origin: str | None) -> Response:
        """Wait for the host's turn, send, and hand the attempt over."""
        await self._pause(host)
        started_at = self.now()
        response = await self.transport.send(request)
        self._free_at[host] = self.now() + timedelta(seconds=self._spacing_seconds(origin))
        self.sink.add(index, request, response, started_at)
        return response

    async def _pause(self, host: str) -> None:
        """Sleep until the host may be asked again; a clock that was set back cannot make this long."""
        if host not in self._free_at or self.options.host_spacing_seconds == 0:
            return
        wait = (self._free_at[host] - self.now()).total_seconds()
        if wait > 0:
            await self.sleep(min(wait, max(self.options.host_spacing_seconds, MAX_CRAWL_DELAY_SECONDS)))

    def _spacing_seconds(self, origin: str | None) -> float:
        """Return the pause after a request: our own, or the site's where it asks for a longer one."""
        robots = self._robots.get(origin or "", Robots())
        return max(self.options.host_spacing_seconds, crawl_delay_seconds(robots, self.options.user_agent))
