"""The network transport against real servers on loopback that misbehave in named ways."""

from __future__ import annotations

import asyncio
import gzip
import re
import socket
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from sources.addresses import is_public
from sources.client import FetchOptions
from sources.network import NetworkTransport
from sources.redirects import follow
from tests.misbehaving import FEED, body, certified, conditional, echo, listen, packed, redirect, serve
from tests.situations import (
    ANSWERS,
    CERTIFICATES,
    CONNECTIONS,
    LIMIT_BYTES,
    REFUSED_ADDRESSES,
    Addressed,
    Answered,
    Certified,
    Connected,
)
from transforms.records import CaptureKind, Outcome, Request, Response

OPTIONS = FetchOptions(allow_private_addresses=True, max_feed_bytes=LIMIT_BYTES, total_timeout_seconds=20.0)
HASTY = replace(OPTIONS, total_timeout_seconds=0.4)  # for the servers that never come to an end
STRICT = FetchOptions()
ROUTES = {"/echo": echo, "/conditional": conditional, "/feed": body(FEED)}


def path_of(name: str) -> str:
    return "/" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


async def send(url: str, options: FetchOptions = OPTIONS, **fields: str) -> Response:
    ports = None if options.allow_private_addresses else options.allowed_ports
    async with NetworkTransport(options) as transport:
        request = replace(Request(CaptureKind.FEED, "outlet", url), **fields)
        return await follow(request, transport.ask, options.max_redirects, ports)


def ask(path: str, options: FetchOptions = OPTIONS, **fields: str) -> Response:
    """Serve, ask for one path, and return what came of it."""

    async def run() -> Response:
        async with serve(ROUTES) as base:
            return await send(base + path, options, **fields)

    return asyncio.run(run())


def patience_for(outcome: Outcome) -> FetchOptions:
    return HASTY if outcome is Outcome.TIMEOUT else OPTIONS


# --- what each situation ends as ---


@pytest.fixture(scope="module")
def answers() -> dict[str, Response]:
    """What came of every answer, asked at once of one server."""

    async def run() -> dict[str, Response]:
        names = [situation.name for situation in ANSWERS]
        async with serve({path_of(one.name): one.does for one in ANSWERS} | {"/chain": ANSWERS_CHAIN}) as base:
            sending = (send(base + path_of(one.name), patience_for(one.outcome)) for one in ANSWERS)
            return dict(zip(names, await asyncio.gather(*sending), strict=True))

    return asyncio.run(run())


ANSWERS_CHAIN = next(one.does for one in ANSWERS if one.name == "moved on and on")
WITHOUT_WORDS = {Outcome.FETCHED, Outcome.MISSING, Outcome.HTTP_4XX, Outcome.HTTP_429, Outcome.HTTP_5XX}


@pytest.mark.parametrize("situation", ANSWERS, ids=lambda one: one.name)
def test_each_answer_ends_in_its_outcome(answers: dict[str, Response], situation: Answered) -> None:
    response = answers[situation.name]
    assert response.outcome is situation.outcome, response
    assert response.error or situation.outcome in WITHOUT_WORDS
    assert (response.payload == FEED) is situation.arrives


@pytest.mark.parametrize("situation", CONNECTIONS, ids=lambda one: one.name)
def test_each_connection_ends_in_its_outcome(situation: Connected) -> None:
    async def run() -> Response:
        async with listen(situation.does) as port:
            return await send(f"{situation.scheme}://127.0.0.1:{port}/", patience_for(situation.outcome))

    response = asyncio.run(run())
    assert response.outcome is situation.outcome, response


@pytest.mark.parametrize("situation", CERTIFICATES, ids=lambda one: one.name)
def test_each_certificate_is_a_state_and_not_a_switch(situation: Certified, tmp_path: Path) -> None:
    async def run() -> Response:
        async with serve(ROUTES, certified(tmp_path, is_expired=situation.is_expired, name=situation.host)) as base:
            return await send(base + "/feed")

    response = asyncio.run(run())
    assert response.outcome is situation.outcome, response


@pytest.mark.parametrize("situation", REFUSED_ADDRESSES, ids=lambda one: one.name)
def test_each_address_is_refused(situation: Addressed) -> None:
    response = asyncio.run(send(situation.url, STRICT))
    assert response.outcome is situation.outcome, response


LED_TO = [one for one in REFUSED_ADDRESSES if one.url]  # an empty Location is no redirect


@pytest.mark.parametrize("situation", LED_TO, ids=lambda one: one.name)
def test_each_address_is_refused_where_a_redirect_leads_to_it(situation: Addressed) -> None:
    """The first hop is answered as if a public site had; the second is the real thing."""

    async def run() -> Response:
        async with NetworkTransport(STRICT) as transport:

            async def hop(request: Request) -> Response:
                if request.url == "https://news.example/":
                    return Response(Outcome.UNPARSABLE, request.url, 302, (("Location", situation.url),))
                return await transport.ask(request)

            return await follow(Request(CaptureKind.PAGE, "outlet", "https://news.example/"), hop, 5)

    # what is no absolute address is one on the same site, whose name nobody knows
    expected = Outcome.DNS if situation.url == "news" else situation.outcome
    response = asyncio.run(run())
    assert response.outcome is expected, response


def test_a_body_is_kept_as_it_came_where_unpacking_changed_it(answers: dict[str, Response]) -> None:
    assert answers["a feed"].raw_payload is None
    assert gzip.decompress(answers["packed with gzip"].raw_payload or b"") == FEED
    assert answers["packed with Brotli, unasked"].raw_payload == packed(FEED, "brotli")
    assert answers["Brotli that is damaged"].raw_payload == b"\x8b\x02\x80abc\x03"
    assert answers["a gzip bomb"].raw_payload is None


def test_redirects_are_told_in_order(answers: dict[str, Response]) -> None:
    response = answers["moved twice"]
    assert [url.rpartition("/")[2] for url in response.redirects] == ["moved-for-good", "a-feed"]
    assert response.final_url == response.redirects[-1]
    assert "#" not in answers["moved to an address with a fragment"].final_url
    assert len(answers["moved on and on"].redirects) == OPTIONS.max_redirects + 1
    assert len(answers["moved to itself"].redirects) == 1


def test_an_error_page_keeps_status_headers_and_body(answers: dict[str, Response]) -> None:
    response = answers["429"]
    assert (response.status, response.header("retry-after"), response.payload) == (429, "60", b"slow down")


def test_a_header_can_be_stored_whatever_its_bytes(answers: dict[str, Response]) -> None:
    assert answers["a header in another encoding"].header("x-city") == "Almáty"


# --- conditional requests ---


def test_validators_come_back_byte_for_byte() -> None:
    first = ask("/conditional")
    assert first.outcome is Outcome.FETCHED
    tag, date = first.header("ETag"), first.header("Last-Modified")
    assert tag
    assert date
    second = ask("/conditional", etag=tag, last_modified=date)
    assert (second.outcome, second.status, second.payload) == (Outcome.NOT_MODIFIED, 304, b"")
    assert second.header("ETag") == tag


def test_a_validator_that_would_end_its_header_is_not_sent() -> None:
    assert b"Evil" not in ask("/echo", etag='"a"\r\nEvil: 1').payload


def test_what_we_say_of_ourselves() -> None:
    text = ask("/echo").payload.decode()
    assert '"Accept-Encoding": "gzip, deflate"' in text
    assert '"Accept": "application/rss+xml, application/atom+xml' in text
    assert OPTIONS.user_agent in text
    assert "feed reader" in text
    assert "Cookie" not in text


@pytest.mark.parametrize("kind", CaptureKind)
def test_every_kind_of_address_can_be_asked_for(kind: CaptureKind) -> None:
    async def run() -> Response:
        async with serve(ROUTES) as base, NetworkTransport(OPTIONS) as transport:
            return await transport.ask(Request(kind, "outlet", f"{base}/feed"))

    assert asyncio.run(run()).outcome is Outcome.FETCHED


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert ask("/feed").outcome is Outcome.FETCHED


def test_a_connection_that_the_server_closed_meanwhile_is_no_failure() -> None:
    async def run() -> list[Outcome]:
        routes = {"/feed": body(FEED, Connection="close")}
        async with serve(routes) as base, NetworkTransport(OPTIONS) as transport:
            request = Request(CaptureKind.FEED, "outlet", f"{base}/feed")
            return [(await transport.ask(request)).outcome for _ in range(3)]

    assert asyncio.run(run()) == [Outcome.FETCHED] * 3


# --- addresses ---


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:4001::1", True),
        ("::ffff:8.8.8.8", False),
        ("::808:808", False),
        ("64:ff9b::808:808", False),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("192.168.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::7f00:1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::1", False),
        ("2002:7f00:1::", False),
        ("2002:808:808::", False),
        ("2001::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
    ],
)
def test_only_the_public_internet_is_public(address: str, expected: bool) -> None:
    assert is_public(address) is expected


@pytest.mark.parametrize(
    ("address", "expected"), [("64:ff9b::808:808", True), ("64:ff9b::a00:1", False), ("::1", False)]
)
def test_a_translator_can_be_allowed_but_not_what_it_hides(address: str, expected: bool) -> None:
    assert is_public(address, allow_nat64=True) is expected


@pytest.mark.parametrize(
    ("port", "options", "expected"),
    [
        (81, STRICT, Outcome.REFUSED_ADDRESS),
        (81, replace(STRICT, allowed_ports=(81,)), Outcome.DNS),
        (443, replace(STRICT, allowed_ports=(81,)), Outcome.REFUSED_ADDRESS),
        (8080, STRICT, Outcome.DNS),
        (81, OPTIONS, Outcome.DNS),
    ],
)
def test_ports_are_those_of_the_setting(port: int, options: FetchOptions, expected: Outcome) -> None:
    assert asyncio.run(send(f"http://no-such-host.invalid:{port}/", options)).outcome is expected


class Turncoat(AbstractResolver):
    """Gives one address at first and others afterwards, as a rebinding attacker's name server does."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers, self.asked = list(answers), 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        addresses = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


def ask_by_name(
    monkeypatch: pytest.MonkeyPatch, resolver: Turncoat, paths: Sequence[str], **headers: str
) -> tuple[list[Response], list[str]]:
    """Ask a server by a name, 127.0.0.1 standing for the public internet; return also which addresses were checked."""
    seen: list[str] = []
    monkeypatch.setattr("sources.network.is_public", lambda text, **_: seen.append(text) or text == "127.0.0.1")

    async def run() -> list[Response]:
        routes = {"/feed": body(FEED, **headers), "/again": redirect("/feed")}
        async with serve(routes) as base, NetworkTransport(STRICT, resolver) as transport:
            port = base.rpartition(":")[2]
            ports = (int(port),)
            requests = [Request(CaptureKind.FEED, "outlet", f"http://rebound.example:{port}{path}") for path in paths]
            return [await follow(request, transport.ask, 5, ports) for request in requests]

    return asyncio.run(run()), seen


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = Turncoat(["127.0.0.1"], ["127.0.0.2"])
    (response,), seen = ask_by_name(monkeypatch, resolver, ["/feed"])
    assert (response.outcome, response.payload) == (Outcome.FETCHED, FEED)
    assert (resolver.asked, seen) == (1, ["127.0.0.1"])  # resolved once, checked once


def test_a_name_that_changes_its_mind_is_checked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second connection resolves again, is led inwards, and is refused before a byte is sent."""
    resolver = Turncoat(["127.0.0.1"], ["127.0.0.2"])
    responses, seen = ask_by_name(monkeypatch, resolver, ["/feed", "/feed"], Connection="close")
    assert [response.outcome for response in responses] == [Outcome.FETCHED, Outcome.REFUSED_ADDRESS]
    assert seen == ["127.0.0.1", "127.0.0.2"]


def test_an_open_connection_is_not_resolved_again(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = Turncoat(["127.0.0.1"], ["127.0.0.2"])
    responses, seen = ask_by_name(monkeypatch, resolver, ["/again"])
    assert responses[0].outcome is Outcome.FETCHED
    assert (resolver.asked, seen) == (1, ["127.0.0.1"])


def test_of_several_addresses_only_the_public_ones_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    (response,), _ = ask_by_name(monkeypatch, Turncoat(["127.0.0.2", "127.0.0.1"]), ["/feed"])
    assert response.outcome is Outcome.FETCHED
    (response,), _ = ask_by_name(monkeypatch, Turncoat(["127.0.0.2", "127.0.0.3"]), ["/feed"])
    assert response.outcome is Outcome.REFUSED_ADDRESS


# --- below HTTP ---


@pytest.fixture(autouse=True)
def nobody_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's resolver knows loopback only: a test may not ask a real name server."""
    look_up = socket.getaddrinfo

    def local(host: str, *arguments: object, **fields: object) -> object:
        if str(host).endswith((".invalid", ".example")):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, *arguments, **fields)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", local)


def test_a_name_that_does_not_exist() -> None:
    assert asyncio.run(send("http://no-such-host.invalid/")).outcome is Outcome.DNS


def test_a_port_where_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        response = asyncio.run(send(f"http://127.0.0.1:{taken.getsockname()[1]}/"))
    assert response.outcome is Outcome.CONNECT
