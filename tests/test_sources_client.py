"""The polite client: pauses, one at a time per host, robots.txt, order and bytes of what is captured."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, cycle, pairwise
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.captures import CaptureWriter, read_captures
from sources.client import FetchOptions, fetch_all
from sources.network import NetworkTransport
from sources.robots import still_holds
from sources.turns import HostTurns
from transforms.records import Capture, CaptureKind, Outcome, Request, Response

NIGHT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
POLITE = FetchOptions(spacing_jitter_share=0)
IN_ORDER = FetchOptions(host_spacing_seconds=0)


@dataclass
class Site:
    """A transport of our own: answers from a table, takes a second for each, and notes who was asked when."""

    answers: dict[str, Response] = field(default_factory=dict)
    seconds: float = 1.0
    now: datetime = NIGHT
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    busy: Counter[str] = field(default_factory=Counter)
    most_at_once: int = 0
    wake: list[tuple[datetime, asyncio.Event]] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    def clock(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let the clock run on, to the earliest sleeper first, once nobody else has anything to do."""
        until, event = self.now + timedelta(seconds=seconds), asyncio.Event()
        self.wake.append((until, event))
        asyncio.get_running_loop().create_task(self._wake_next())
        await event.wait()

    async def _wake_next(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        if self.wake:
            sleeper = min(self.wake, key=lambda one: one[0])
            self.wake.remove(sleeper)
            self.now = max(self.now, sleeper[0])
            sleeper[1].set()

    async def ask(self, request: Request) -> Response:
        host = urlsplit(request.url).hostname or ""
        self.asked.append((request.url, self.now))
        self.busy[host] += 1
        assert self.busy[host] == 1, "a host was asked twice at once"
        self.most_at_once = max(self.most_at_once, self.busy.total())
        if self.seconds:
            await self.sleep(self.seconds)
        self.busy[host] -= 1
        missing = Response(Outcome.MISSING, request.url, 404)
        fetched = Response(Outcome.FETCHED, request.url, 200, payload=request.url.encode())
        answer = self.answers.get(request.url, missing if request.kind is CaptureKind.ROBOTS else fetched)
        return replace(answer, elapsed_seconds=self.seconds)

    def times(self, host: str) -> list[float]:
        """Return when a host was asked, in seconds after the start."""
        return [(at - NIGHT).total_seconds() for url, at in self.asked if urlsplit(url).hostname == host]


def pages(*urls: str) -> list[Request]:
    return [Request(CaptureKind.PAGE, "outlet", url) for url in urls]


def outlets_of(urls: Sequence[str]) -> list[Request]:
    return [Request(CaptureKind.PAGE, urlsplit(url).hostname or "", url) for url in urls]


def fetch(
    site: Site,
    requests: Sequence[Request],
    folder: Path,
    options: FetchOptions = POLITE,
    earlier: Sequence[Capture] = (),
    on_done: Callable[[Capture], None] = lambda _: None,
) -> list[Capture]:
    async def run() -> list[Capture]:
        writer = CaptureWriter(folder, "night", lambda: NIGHT)
        return await fetch_all(requests, site, writer, options, site.clock, on_done, earlier=earlier, sleep=site.sleep)

    return asyncio.run(run())


def robots(text: str, host: str = "a.example") -> dict[str, Response]:
    url = f"http://{host}/robots.txt"
    return {url: Response(Outcome.FETCHED, url, 200, payload=text.encode())}


def redirected(url: str, target: str) -> Response:
    return Response(Outcome.UNPARSABLE, url, 302, (("Location", target),))


# --- pauses ---


def test_a_host_gets_its_pause_after_each_answer(tmp_path: Path) -> None:
    site = Site(seconds=2)
    fetch(site, pages("http://a.example/1", "http://a.example/2"), tmp_path)
    assert site.times("a.example") == [0, 7, 14]  # robots.txt and two pages, two seconds each, five between


def test_other_hosts_do_not_wait(tmp_path: Path) -> None:
    site = Site()
    fetch(site, pages("http://a.example/1", "http://b.example/1"), tmp_path)
    assert site.times("a.example") == site.times("b.example") == [0, 6]
    assert site.most_at_once == 2


def test_no_more_hosts_at_once_than_allowed(tmp_path: Path) -> None:
    site = Site()
    urls = [f"http://{name}.example/" for name in "abcdef"]
    fetch(site, pages(*urls), tmp_path, FetchOptions(max_hosts_at_once=2))
    assert site.most_at_once == 2
    assert len(site.asked) == 12


def test_the_two_schemes_and_all_ports_of_a_host_share_its_pause(tmp_path: Path) -> None:
    site = Site(seconds=0)
    options = replace(POLITE, respect_robots=False)
    fetch(site, pages("http://a.example/", "https://A.example/", "http://a.example:8080/"), tmp_path, options)
    assert sorted(at for _, at in site.asked) == [NIGHT + timedelta(seconds=5 * number) for number in range(3)]


@pytest.mark.parametrize(("asked_for", "kept"), [("20", 20), ("2", 5), ("86400", 120), ("soon", 5)])
def test_a_crawl_delay_is_kept_within_reason(asked_for: str, kept: float, tmp_path: Path) -> None:
    site = Site(robots(f"User-agent: *\nCrawl-delay: {asked_for}\n"), seconds=0)
    fetch(site, pages("http://a.example/1", "http://a.example/2"), tmp_path)
    first, second = site.times("a.example")[1:]
    assert second - first == kept


def test_what_was_asked_earlier_in_the_night_counts(tmp_path: Path) -> None:
    site = Site(robots("User-agent: *\nDisallow: /x\n"))
    earlier = fetch(site, pages("http://a.example/1"), tmp_path)
    later = fetch(site, pages("http://a.example/x", "http://a.example/2"), tmp_path, earlier=earlier)
    assert [capture.response.outcome for capture in later] == [Outcome.ROBOTS, Outcome.FETCHED]
    assert site.times("a.example") == [0, 6, 12]  # robots.txt once, then a page each time


# --- robots.txt ---


def test_robots_is_asked_once_and_captured_before_the_pages(tmp_path: Path) -> None:
    site = Site()
    captures = fetch(site, pages("http://a.example/1", "http://a.example/2"), tmp_path)
    assert [capture.request.url for capture in captures] == [
        "http://a.example/robots.txt",
        "http://a.example/1",
        "http://a.example/2",
    ]
    assert captures[0].request.kind is CaptureKind.ROBOTS
    assert captures[0].request.outlet_id == "outlet"


def test_a_forbidden_address_is_captured_but_not_asked(tmp_path: Path) -> None:
    site = Site(robots("User-agent: *\nDisallow: /private\n"))
    captures = fetch(site, pages("http://a.example/private/1", "http://a.example/open"), tmp_path)
    assert [capture.response.outcome for capture in captures] == [Outcome.FETCHED, Outcome.ROBOTS, Outcome.FETCHED]
    assert "http://a.example/private/1" not in [url for url, _ in site.asked]


def test_rules_for_our_name_go_before_those_for_all(tmp_path: Path) -> None:
    site = Site(robots("User-agent: *\nDisallow: /\n\nUser-agent: MediaCooperationMonitor\nAllow: /\n"))
    assert fetch(site, pages("http://a.example/1"), tmp_path)[1].response.outcome is Outcome.FETCHED


@pytest.mark.parametrize(
    ("outcome", "status", "expected"),
    [
        (Outcome.MISSING, 404, Outcome.FETCHED),
        (Outcome.HTTP_4XX, 403, Outcome.FETCHED),
        (Outcome.TOO_MANY_REDIRECTS, None, Outcome.FETCHED),
        (Outcome.UNPARSABLE, 200, Outcome.FETCHED),
        (Outcome.HTTP_429, 429, Outcome.HTTP_429),
        (Outcome.HTTP_5XX, 503, Outcome.HTTP_5XX),
        (Outcome.DNS, None, Outcome.DNS),
        (Outcome.CONNECT, None, Outcome.CONNECT),
        (Outcome.TLS, None, Outcome.TLS),
        (Outcome.TIMEOUT, None, Outcome.TIMEOUT),
        (Outcome.REFUSED_ADDRESS, None, Outcome.REFUSED_ADDRESS),
    ],
)
def test_a_site_whose_robots_cannot_be_reached_is_left_alone(
    outcome: Outcome, status: int | None, expected: Outcome, tmp_path: Path
) -> None:
    url = "http://a.example/robots.txt"
    site = Site({url: Response(outcome, url, status)})
    captures = fetch(site, pages("http://a.example/1", "http://a.example/2"), tmp_path)
    assert [capture.response.outcome for capture in captures[1:]] == [expected, expected]
    assert len(site.asked) == (3 if expected is Outcome.FETCHED else 1)


@pytest.mark.parametrize(
    "payload", [b"<html>not found</html>", b"\xff\xfe\x00junk", b"\xef\xbb\xbfUser-agent: *\nAllow: /", b""]
)
def test_an_odd_robots_file_forbids_nothing(payload: bytes, tmp_path: Path) -> None:
    url = "http://a.example/robots.txt"
    site = Site({url: Response(Outcome.FETCHED, url, 200, payload=payload)})
    assert fetch(site, pages("http://a.example/1"), tmp_path)[1].response.outcome is Outcome.FETCHED


def test_robots_can_be_left_out(tmp_path: Path) -> None:
    site = Site(robots("User-agent: *\nDisallow: /\n"))
    captures = fetch(site, pages("http://a.example/1"), tmp_path, FetchOptions(respect_robots=False))
    assert [capture.request.kind for capture in captures] == [CaptureKind.PAGE]


def test_an_address_that_is_none_is_captured_as_refused(tmp_path: Path) -> None:
    async def run() -> list[Capture]:
        async with NetworkTransport(IN_ORDER) as transport:
            writer = CaptureWriter(tmp_path, "night", lambda: NIGHT)
            return await fetch_all(pages("", "news", "http://[::1/"), transport, writer, IN_ORDER, lambda: NIGHT)

    captures = asyncio.run(run())
    assert [capture.request.url for capture in captures] == ["", "news", "http://[::1/"]
    assert {capture.response.outcome for capture in captures} == {Outcome.REFUSED_ADDRESS}


# --- order and bytes ---

URLS = [f"http://{host}.example/{number}" for number in range(3) for host in "abc"]


def test_without_pauses_the_order_is_that_of_the_requests(tmp_path: Path) -> None:
    site = Site(seconds=1)
    told: list[Capture] = []
    captures = fetch(site, pages(*URLS), tmp_path, IN_ORDER, on_done=told.append)
    assert [capture.request.url for capture in captures if capture.request.kind is CaptureKind.PAGE] == URLS
    assert told == captures == list(read_captures(tmp_path, captures[0].warc_file))


@given(stop=st.integers(0, 13), winding=st.sets(st.sampled_from(URLS)))
def test_a_night_killed_anywhere_and_resumed_gives_the_same_file(
    stop: int, winding: set[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Also where requests of several hosts lead to one that nobody asked for directly, and share its robots.txt."""
    answers = {url: redirected(url, f"http://d.example/{index}") for index, url in enumerate(sorted(winding))}
    whole, broken = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("broken")
    expected = fetch(Site(answers, seconds=0), outlets_of(URLS), whole, IN_ORDER)

    def kill(capture: Capture) -> None:
        if stop < len(expected) and capture.capture_id == expected[stop].capture_id:
            raise InterruptedError

    with contextlib.suppress(ExceptionGroup):
        fetch(Site(answers, seconds=0), outlets_of(URLS), broken, IN_ORDER, on_done=kill)
    done = list(read_captures(broken, expected[0].warc_file))
    urls = {capture.request.url for capture in done}
    rest = [request for request in outlets_of(URLS) if request.url not in urls]
    fetch(Site(answers, seconds=0), rest, broken, IN_ORDER, done)
    assert (broken / expected[0].warc_file).read_bytes() == (whole / expected[0].warc_file).read_bytes()


def test_with_pauses_a_capture_is_written_as_it_comes(tmp_path: Path) -> None:
    site = Site()
    captures = fetch(site, pages("http://a.example/1", "http://a.example/2", "http://b.example/1"), tmp_path)
    order = [capture.request.url for capture in captures]
    assert order.index("http://b.example/1") < order.index("http://a.example/2")


def test_a_bug_in_the_transport_stops_the_run(tmp_path: Path) -> None:
    class Broken(Site):
        async def ask(self, request: Request) -> Response:
            raise ZeroDivisionError

    with pytest.raises(ExceptionGroup):
        fetch(Broken(), pages("http://a.example/"), tmp_path)


@st.composite
def nights(draw: st.DrawFn) -> tuple[list[tuple[str, str | None]], dict[str, float]]:
    """Return addresses by host, each with the host that it redirects to or none, and the pause each host asks for."""
    host = st.sampled_from("abc")
    requests = draw(st.lists(st.tuples(host, st.none() | host), max_size=10))
    return requests, draw(st.dictionaries(host, st.floats(0, 200), max_size=3))


@given(
    night=nights(),
    spacing=st.floats(0.5, 20),
    seconds=st.floats(0, 9),
    chances=st.lists(st.floats(0, 1), min_size=1, max_size=5),
    is_shared=st.booleans(),
)
def test_a_host_is_never_asked_within_its_pause(
    night: tuple[list[tuple[str, str | None]], dict[str, float]],
    spacing: float,
    seconds: float,
    chances: list[float],
    is_shared: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Whatever is asked in whatever order, by one caller or by two, and wherever redirects lead."""
    asked, delays = night
    site = Site(seconds=seconds)
    for host, delay in delays.items():
        site.answers |= robots(f"User-agent: *\nCrawl-delay: {delay:f}\n", f"{host}.example")
    urls = [f"http://{host}.example/{number}" for number, (host, _) in enumerate(asked)]
    for number, (url, (_, target)) in enumerate(zip(urls, asked, strict=True)):
        if target:
            site.answers[url] = redirected(url, f"http://{target}.example/from/{number}")
    options = FetchOptions(host_spacing_seconds=spacing, spacing_jitter_share=0.3)
    turns, dice = HostTurns(site.clock, site.sleep), cycle(chances)

    async def run() -> None:
        writer = CaptureWriter(tmp_path_factory.mktemp("night"), "night", lambda: NIGHT)
        half = len(urls) // 2 if is_shared else 0
        callers = (
            fetch_all(part, site, writer, options, site.clock, turns=turns, sleep=site.sleep, chance=lambda: next(dice))
            for part in (pages(*urls[:half]), pages(*urls[half:]))
        )
        captures = [capture for part in await asyncio.gather(*callers) for capture in part]
        assert len([one for one in captures if one.request.kind is CaptureKind.PAGE]) == len(urls)

    asyncio.run(run())
    for host in "abc":
        pause = max(spacing, min(delays.get(host, 0.0), 120.0)) if not is_shared else spacing
        times = site.times(f"{host}.example")
        assert all(later - sooner >= pause + seconds - 1e-3 for sooner, later in pairwise(times))


def test_callers_in_threads_of_their_own_share_a_host(tmp_path: Path) -> None:
    """Two event loops, one host, the real clock: never two at once, and a pause in between."""
    asked: list[tuple[float, float]] = []

    class Slow(Site):
        async def ask(self, request: Request) -> Response:
            start = time.monotonic()
            await asyncio.sleep(0.01)
            asked.append((start, time.monotonic()))
            return Response(Outcome.FETCHED, request.url, 200, payload=b"x")

    options = FetchOptions(host_spacing_seconds=0.03, spacing_jitter_share=0, respect_robots=False)
    turns = HostTurns(lambda: datetime.now(UTC))

    def caller(name: str) -> None:
        writer = CaptureWriter(tmp_path, name, lambda: NIGHT)
        urls = [f"http://a.example/{name}/{number}" for number in range(4)]
        asyncio.run(fetch_all(pages(*urls), Slow(), writer, options, lambda: datetime.now(UTC), turns=turns))

    threads = [threading.Thread(target=caller, args=(name,)) for name in "xyz"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked.sort()
    assert len(asked) == 12
    assert all(later[0] - sooner[1] >= 0.029 for sooner, later in pairwise(asked))


def test_a_caller_who_is_stopped_leaves_the_queue() -> None:
    async def run() -> list[str]:
        turns, came = HostTurns(lambda: NIGHT), list[str]()

        async def visit(name: str, seconds: float) -> None:
            async with turns.turn("a.example", lambda: 0.0):
                came.append(name)
                await asyncio.sleep(seconds)

        first, second, third = (asyncio.create_task(visit(name, 0.01)) for name in ("first", "second", "third"))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.wait([first, second, third], timeout=5)
        assert second.cancelled()
        return came

    assert asyncio.run(run()) == ["first", "third"]


# --- redirects ---


def test_each_hop_is_asked_after_the_robots_and_the_pause_of_its_host(tmp_path: Path) -> None:
    site = Site(robots("User-agent: *\nCrawl-delay: 30\n", "b.example"), seconds=0)
    site.answers["http://a.example/1"] = redirected("http://a.example/1", "http://b.example/1")
    site.answers["http://b.example/1"] = redirected("http://b.example/1", "http://b.example/2")
    captures = fetch(site, pages("http://a.example/1"), tmp_path)
    assert [(url.removeprefix("http://"), (at - NIGHT).total_seconds()) for url, at in site.asked] == [
        ("a.example/robots.txt", 0),
        ("a.example/1", 5),
        ("b.example/robots.txt", 5),
        ("b.example/1", 35),
        ("b.example/2", 65),
    ]
    assert captures[-1].response.final_url == "http://b.example/2"
    assert captures[-1].robots_capture_id == captures[1].capture_id


def test_a_pause_is_longer_by_chance_and_never_shorter(tmp_path: Path) -> None:
    site, dice = Site(seconds=0), iter([0.0, 0.5, 1.0])
    options = FetchOptions(host_spacing_seconds=10, spacing_jitter_share=0.4)
    requests = pages("http://a.example/1", "http://a.example/2", "http://a.example/3")

    async def run() -> None:
        writer = CaptureWriter(tmp_path, "night", lambda: NIGHT)
        # the first request waits for nobody, and still throws the dice
        chance = chain([0.0], dice).__next__
        await fetch_all(requests, site, writer, options, site.clock, sleep=site.sleep, chance=chance)

    asyncio.run(run())
    assert site.times("a.example") == [0, 10, 22, 36]


# --- hosts that have had enough ---

ENOUGH: dict[str, tuple[Response, int]] = {
    "asked too often": (Response(Outcome.HTTP_429, "", 429), 1),
    "down, and says until when": (Response(Outcome.HTTP_5XX, "", 503, (("Retry-After", "60"),)), 1),
    "an error of one page": (Response(Outcome.HTTP_5XX, "", 500), 5),
    "a missing page": (Response(Outcome.MISSING, "", 404), 5),
    "no connection": (Response(Outcome.CONNECT, "", error="refused"), 3),
    "no answer": (Response(Outcome.TIMEOUT, "", error="slow"), 3),
}


@pytest.mark.parametrize("situation", ENOUGH)
def test_a_host_that_has_had_enough_is_left_alone(situation: str, tmp_path: Path) -> None:
    answer, expected = ENOUGH[situation]
    urls = [f"http://a.example/{number}" for number in range(5)]
    site = Site({url: replace(answer, final_url=url) for url in urls})
    captures = fetch(site, [*pages(*urls), *pages("http://b.example/")], tmp_path)
    asked = [url for url, _ in site.asked if url in urls]
    assert len(asked) == expected
    outcomes = [capture.response.outcome for capture in captures if capture.request.url in urls]
    assert outcomes == [answer.outcome] * 5
    assert ("http://b.example/") in [url for url, _ in site.asked]


def test_a_recording_is_asked_to_the_end(tmp_path: Path) -> None:
    urls = [f"http://a.example/{number}" for number in range(5)]
    site = Site({urls[0]: Response(Outcome.HTTP_429, urls[0], 429)}, seconds=0)
    captures = fetch(site, pages(*urls), tmp_path, IN_ORDER)
    assert Counter(capture.response.outcome for capture in captures)[Outcome.FETCHED] == 4


# --- how long robots.txt holds ---

HOLDS: dict[str, tuple[Response, timedelta, bool]] = {
    "rules of yesterday": (Response(Outcome.FETCHED, "", 200), timedelta(hours=24), True),
    "rules of the day before": (Response(Outcome.FETCHED, "", 200), timedelta(hours=24, seconds=1), False),
    "none yesterday": (Response(Outcome.MISSING, "", 404), timedelta(hours=23), True),
    "a failure just now": (Response(Outcome.HTTP_5XX, "", 503), timedelta(minutes=59), True),
    "a failure at the last poll": (Response(Outcome.HTTP_5XX, "", 503), timedelta(hours=2), False),
}


@pytest.mark.parametrize("situation", HOLDS)
def test_how_long_robots_holds(situation: str) -> None:
    answer, age, expected = HOLDS[situation]
    request = Request(CaptureKind.ROBOTS, "outlet", "http://a.example/robots.txt")
    assert still_holds(Capture("c", request, answer, NIGHT - age, "w", 0), NIGHT) is expected


def test_bodies_are_kept_only_for_who_asks(tmp_path: Path) -> None:
    async def run(*, keeps_bodies: bool) -> list[Capture]:
        site = Site(seconds=0)
        writer = CaptureWriter(tmp_path / str(keeps_bodies), "night", lambda: NIGHT)
        wanted = pages("https://a.example/1")
        return await fetch_all(wanted, site, writer, IN_ORDER, site.clock, keeps_bodies=keeps_bodies)

    kept, lean = (asyncio.run(run(keeps_bodies=is_kept))[-1] for is_kept in (True, False))
    (written,) = (one for one in read_captures(tmp_path / "False", lean.warc_file) if one.request == lean.request)
    assert written.response.payload == kept.response.payload == b"https://a.example/1"
    assert (lean.response.payload, lean.capture_id) == (b"", kept.capture_id)
