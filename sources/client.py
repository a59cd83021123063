"""The polite client: asks many addresses, one at a time per host, and captures every attempt.

Knows when and in which order to ask, what robots.txt says, and when a host has had enough, for every address that a
redirect leads to as for the first; how to ask is the transport's business, the network or a recording. The clock, the
sleep and the randomness are arguments. Called by `flows`.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

from sources.captures import CaptureWriter
from sources.headers import DEFAULT_USER_AGENT
from sources.order import Attempt, Sink
from sources.patience import Patience
from sources.redirects import USUAL_PORTS, follow
from sources.robots import (
    MAX_RULES_BYTES,
    MIN_REDIRECTS,
    Robots,
    crawl_delay_seconds,
    origin_of,
    read_robots,
    refusal,
    robots_request,
)
from sources.turns import HostTurns
from transforms.records import Capture, CaptureKind, Request, Response


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How outlets are asked. A spacing of 0 turns all pauses off and makes the order of captures that of requests."""

    user_agent: str = DEFAULT_USER_AGENT
    host_spacing_seconds: float = 5.0
    spacing_jitter_share: float = 0.2  # a pause is longer by up to this share, so that no two nights beat in time
    total_timeout_seconds: float = 60.0  # for one answer; each redirect has its own
    connect_timeout_seconds: float = 15.0
    max_feed_bytes: int = 5_000_000  # as it comes, and again unpacked
    max_page_bytes: int = 5_000_000
    max_redirects: int = 5
    max_hosts_at_once: int = 32
    respect_robots: bool = True
    allowed_ports: tuple[int, ...] = USUAL_PORTS
    allow_nat64_addresses: bool = False  # for machines that reach IPv4 through a translator only (RFC 6052)
    allow_private_addresses: bool = False  # and any port: for tests on loopback


_LONGEST_WAIT_SECONDS = 600.0  # for the moment from which an address may be asked
_TIMER_SLACK_SECONDS = 0.1  # timers and clocks do not agree to the millisecond


class Transport(Protocol):
    """What answers requests: an async context manager; `ask` never raises for anything a server does."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def ask(self, request: Request) -> Response:
        """Return what one address answers; a redirect is an answer."""
        ...


def body_limit(request: Request, options: FetchOptions) -> int:
    """Return how many bytes the body of an answer may have."""
    if request.kind is CaptureKind.ROBOTS:
        return MAX_RULES_BYTES
    return options.max_page_bytes if request.kind is CaptureKind.PAGE else options.max_feed_bytes


async def fetch_all(
    requests: Sequence[Request],
    transport: Transport,
    writer: CaptureWriter,
    options: FetchOptions,
    now: Callable[[], datetime],
    on_done: Callable[[Capture], None] = lambda _: None,
    *,
    earlier: Iterable[Capture] = (),
    turns: HostTurns | None = None,
    keeps_bodies: bool = True,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    chance: Callable[[], float] = random.random,
) -> list[Capture]:
    """Ask all addresses and return the captures in the order of writing, those of robots.txt among them.

    The transport is entered already. `earlier` are captures of the same night: what they say of robots.txt holds, and
    a host they asked gets its pause. `turns` are shared with whoever asks hosts at the same time. `on_done` is told of
    each capture as soon as it is written; `keeps_bodies` is false where nobody reads the bodies from what is returned.
    `chance` yields numbers from 0 to 1.
    """
    sink = Sink(writer, on_done, is_ordered=options.host_spacing_seconds == 0, keeps_bodies=keeps_bodies)
    tour = _Tour(transport, sink, options, now, sleep, turns or HostTurns(now, sleep), chance)
    for capture in earlier:
        tour.remember(capture)
    queues: dict[str, list[tuple[int, Request]]] = {}
    for index, request in enumerate(requests):
        queues.setdefault(_host_of(request.url), []).append((index, request))
    gate = asyncio.Semaphore(options.max_hosts_at_once)
    async with asyncio.TaskGroup() as group:
        for queue in queues.values():
            group.create_task(_visit_host(tour, queue, gate))
    return sink.captures


async def _visit_host(tour: _Tour, queue: Sequence[tuple[int, Request]], gate: asyncio.Semaphore) -> None:
    """Ask one host for its addresses, one after the other."""
    async with gate:
        for index, request in queue:
            await tour.visit(index, request)


def _host_of(url: str) -> str:
    """Return the host that must not be asked twice at once; addresses without one share the empty name."""
    try:
        return (urlsplit(url).hostname or "").removesuffix(".")
    except ValueError:
        return ""


@dataclass(slots=True)
class _Visit:
    """One request on its way through its redirects: since when, and by which robots.txt."""

    started_at: datetime | None = None
    grounds: list[Attempt] = field(default_factory=list)


@dataclass(slots=True)
class _Tour:
    """One call of fetch_all: what is known of robots.txt, and what the hosts have had of us."""

    transport: Transport
    sink: Sink
    options: FetchOptions
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[object]]
    turns: HostTurns
    chance: Callable[[], float]
    _robots: dict[str, tuple[Robots, Attempt]] = field(default_factory=dict)  # by origin
    _asking: dict[str, asyncio.Lock] = field(default_factory=dict)  # by origin
    _delays: dict[str, float] = field(default_factory=dict)  # by host, what its robots.txt asks for
    _patience: Patience = field(default_factory=Patience)

    def remember(self, capture: Capture) -> None:
        """Take over what an earlier capture tells of its host."""
        origin, host = origin_of(capture.request.url), _host_of(capture.request.url)
        if capture.request.kind is CaptureKind.ROBOTS and origin is not None:
            known = Attempt(capture.request, capture.response, capture.fetched_at, capture_id=capture.capture_id)
            self._learn(origin, known)
        self.turns.note(host, capture.fetched_at + timedelta(seconds=capture.response.elapsed_seconds))

    async def visit(self, index: int, request: Request) -> None:
        """Ask for one address, and where it leads to, each after its robots.txt; hand the attempt over."""
        await self._until(request.not_before)
        visit = _Visit()
        response = await self._follow(request, partial(self._step, visit), self.options.max_redirects)
        self.sink.add(index, Attempt(request, response, visit.started_at or self.now(), visit.grounds))

    async def _until(self, moment: datetime | None) -> None:
        """Sleep until an address may be asked; a moment far off is a mistake of somebody's clock and not waited for."""
        wait = (moment - self.now()).total_seconds() if moment else 0.0
        if 0 < wait <= _LONGEST_WAIT_SECONDS:
            await self.sleep(wait + _TIMER_SLACK_SECONDS)

    async def _follow(
        self, request: Request, ask: Callable[[Request], Awaitable[Response]], max_redirects: int
    ) -> Response:
        """Follow a request to its answer; where private addresses are allowed any port is."""
        ports = None if self.options.allow_private_addresses else self.options.allowed_ports
        return await follow(request, ask, max_redirects, ports)

    async def _step(self, visit: _Visit, request: Request) -> Response:
        """Ask for one address on the way, unless its site or its host is against it."""
        return await self._refusal(visit, request) or await self._ask(visit, request)

    async def _refusal(self, visit: _Visit, request: Request) -> Response | None:
        """Return why robots.txt keeps us from asking, or None."""
        origin = origin_of(request.url)
        if not self.options.respect_robots or request.kind is CaptureKind.ROBOTS or origin is None:
            return None
        robots, ground = await self._robots_of(origin, request)
        visit.grounds.append(ground)
        return refusal(robots, request.url, self.options.user_agent)

    async def _robots_of(self, origin: str, request: Request) -> tuple[Robots, Attempt]:
        """Return the rules of an origin and where they come from; asked for once."""
        async with self._asking.setdefault(origin, asyncio.Lock()):
            if origin not in self._robots:
                asked, visit = robots_request(request, origin), _Visit()
                hops = max(MIN_REDIRECTS, self.options.max_redirects)
                response = await self._follow(asked, partial(self._ask, visit), hops)
                ground = Attempt(asked, response, visit.started_at or self.now())
                self._learn(origin, ground)
                self.sink.add_ground(ground)
        return self._robots[origin]

    def _learn(self, origin: str, ground: Attempt) -> None:
        """Keep what a robots.txt says, and the longest pause that any of its host's asks for."""
        robots, host = read_robots(ground.response), _host_of(origin)
        self._robots[origin] = robots, ground
        delay = crawl_delay_seconds(robots, self.options.user_agent)
        self._delays[host] = max(delay, self._delays.get(host, 0.0))

    async def _ask(self, visit: _Visit, request: Request) -> Response:
        """Wait for the host's turn and ask, unless the host has had enough."""
        host = _host_of(request.url)
        if spared := self._patience.refusal(host, request.url):
            return spared
        async with self.turns.turn(host, partial(self._pause_seconds, host)):
            visit.started_at = visit.started_at or self.now()
            answer = await self.transport.ask(request)
        if self.options.host_spacing_seconds:
            self._patience.note(host, answer)
        return answer

    def _pause_seconds(self, host: str) -> float:
        """Return the pause before a request: our own, or the site's where it asks for a longer one, and a little."""
        if self.options.host_spacing_seconds == 0:
            return 0.0
        pause = max(self.options.host_spacing_seconds, self._delays.get(host, 0.0))
        return pause * (1 + self.options.spacing_jitter_share * self.chance())
