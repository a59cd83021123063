"""The network transport against a real server on loopback that misbehaves in named ways."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sources.addresses import is_public
from sources.client import FetchOptions
from sources.network import NetworkTransport
from sources.redirects import follow
from transforms.records import CaptureKind, Outcome, Request, Response

FEED = b"<rss version='2.0'><channel><title>News</title></channel></rss>"
LIMIT_BYTES = 20_000
OPTIONS = FetchOptions(allow_private_addresses=True, max_feed_bytes=LIMIT_BYTES, total_timeout_seconds=20.0)
HASTY = replace(OPTIONS, total_timeout_seconds=0.3)  # for the servers that never come to an end


# --- a server that misbehaves ---


def body(data: bytes, status: int = 200, **headers: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Answer with these bytes; underscores in header names stand for hyphens."""

    async def handle(_: web.Request) -> web.StreamResponse:
        return web.Response(body=data, status=status, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return handle


def redirect(location: str, status: int = 302) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    return body(b"elsewhere", status, Location=location)


def raw(data: bytes) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Put these bytes on the wire as they are and hang up."""

    async def handle(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(data)
        request.transport.close()
        return web.Response()

    return handle


async def drip(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    for _ in range(100):
        await answer.write(b".")
        await asyncio.sleep(0.05)
    return answer


async def silence(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(5)
    return web.Response()


async def endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    while True:
        await answer.write(b"x" * 8_192)


async def conditional(request: web.Request) -> web.StreamResponse:
    """Answer 304 only to exactly the validators that this server gave."""
    tag, date = 'W/"a b;c="', "Sun, 22 Nov 2026 01:02:03 GMT"
    asked = (request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since"))
    status = 304 if asked == (tag, date) else 200
    return web.Response(
        status=status, body=None if status == 304 else FEED, headers={"ETag": tag, "Last-Modified": date}
    )


async def echo(request: web.Request) -> web.StreamResponse:
    return web.json_response(dict(request.headers))


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


BOMB = gzip.compress(bytes(3_000_000), mtime=0)
ROUTES: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
    "/feed": body(FEED),
    "/echo": echo,
    "/conditional": conditional,
    "/gzip": body(gzip.compress(FEED), Content_Encoding="gzip"),
    "/gzip-in-two-members": body(gzip.compress(FEED[:9]) + gzip.compress(FEED[9:]), Content_Encoding="gzip"),
    "/gzip-with-padding": body(gzip.compress(FEED) + b"\0\0\n", Content_Encoding="x-gzip"),
    "/deflate": body(zlib.compress(FEED), Content_Encoding="deflate"),
    "/bare-deflate": body(bare_deflate(FEED), Content_Encoding="Deflate"),
    "/no-encoding-at-all": body(FEED, Content_Encoding="utf-8"),
    "/empty": body(b""),
    "/no-content": body(b"", 204),
    "/large-by-a-byte": body(b"x" * (LIMIT_BYTES + 1)),
    "/exactly-at-the-limit": body(b"x" * LIMIT_BYTES),
    "/endless": endless,
    "/bomb": body(BOMB, Content_Encoding="gzip"),
    "/announces-too-much": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nx"),
    "/broken-gzip": body(b"\x1f\x8b\x08" + b"junk" * 9, Content_Encoding="gzip"),
    "/torn-gzip": body(gzip.compress(FEED)[:-12], Content_Encoding="gzip"),
    "/plain-called-gzip": body(FEED, Content_Encoding="gzip"),
    "/brotli": body(b"\x8b\x02\x80abc\x03", Content_Encoding="br"),
    "/twice-encoded": body(FEED, Content_Encoding="gzip, gzip"),
    "/drip": drip,
    "/silence": silence,
    "/hangs-up": raw(b""),
    "/not-http": raw(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "/body-cut-short": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"),
    "/chunk-cut-short": raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc"),
    "/huge-header": raw(b"HTTP/1.1 200 OK\r\nX-Policy: " + b"p" * 99_000 + b"\r\nContent-Length: 0\r\n\r\n"),
    "/large-header": body(FEED, Content_Security_Policy="p" * 20_000),
    "/header-in-latin-1": raw(b"HTTP/1.1 200 OK\r\nX-City: Alm\xe1ty\r\nContent-Length: 0\r\n\r\n"),
    "/304-unasked": body(b"", 304),
    "/300": body(b"", 300),
    "/400": body(b"bad", 400),
    "/401": body(b"who are you", 401),
    "/404": body(b"gone fishing", 404),
    "/410": body(b"gone", 410),
    "/404-broken-gzip": body(b"junk", 404, Content_Encoding="gzip"),
    "/429": body(b"slow down", 429, Retry_After="60"),
    "/500": body(b"oops", 500),
    "/503": body(b"later", 503),
    "/999": raw(b"HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n"),
    "/moved": redirect("/feed", 301),
    "/moved-with-fragment": redirect("feed#top", 308),
    "/moved-twice": redirect("/moved", 307),
    "/see-other": redirect("/feed", 303),
    "/moved-nowhere": body(b"", 302),
    "/moved-to-404": redirect("/404"),
    "/moved-to-file": redirect("file:///etc/passwd"),
    "/moved-to-nonsense": redirect("http://[::1/"),
    "/moved-to-port-0": redirect("http://127.0.0.1:0/"),
    "/moved-to-space": redirect("http://a b/"),
    "/moved-to-long-name": redirect(f"http://{'a' * 70}.invalid/"),
    "/loop": redirect("/loop"),
    "/cookie": body(FEED, Set_Cookie="a=b"),
}


@asynccontextmanager
async def server(tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Serve all the routes on a free loopback port and give the address."""
    application = web.Application()
    for path, handler in ROUTES.items():
        application.router.add_get(path, handler)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.01, handle_signals=False)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        port = runner.addresses[0][1]
        yield f"http{'s' if tls else ''}://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


async def send(url: str, options: FetchOptions = OPTIONS, **fields: str) -> Response:
    async with NetworkTransport(options) as transport:
        request = replace(Request(CaptureKind.FEED, "outlet", url), **fields)
        return await follow(request, transport.ask, options.max_redirects, None)


def ask(path: str, options: FetchOptions = OPTIONS, **fields: str) -> Response:
    """Serve, ask for one path, and return what came of it."""

    async def run() -> Response:
        async with server() as base:
            return await send(base + path, options, **fields)

    return asyncio.run(run())


# --- what each situation ends as ---

SITUATIONS = {
    "/feed": Outcome.FETCHED,
    "/gzip": Outcome.FETCHED,
    "/gzip-in-two-members": Outcome.FETCHED,
    "/gzip-with-padding": Outcome.FETCHED,
    "/deflate": Outcome.FETCHED,
    "/bare-deflate": Outcome.FETCHED,
    "/no-encoding-at-all": Outcome.FETCHED,
    "/large-header": Outcome.FETCHED,
    "/moved": Outcome.FETCHED,
    "/moved-with-fragment": Outcome.FETCHED,
    "/moved-twice": Outcome.FETCHED,
    "/see-other": Outcome.FETCHED,
    "/empty": Outcome.FETCHED,
    "/no-content": Outcome.FETCHED,
    "/exactly-at-the-limit": Outcome.FETCHED,
    "/header-in-latin-1": Outcome.FETCHED,
    "/large-by-a-byte": Outcome.TOO_LARGE,
    "/endless": Outcome.TOO_LARGE,
    "/bomb": Outcome.TOO_LARGE,
    "/announces-too-much": Outcome.TOO_LARGE,
    "/huge-header": Outcome.TOO_LARGE,
    "/broken-gzip": Outcome.UNPARSABLE,
    "/torn-gzip": Outcome.UNPARSABLE,
    "/plain-called-gzip": Outcome.UNPARSABLE,
    "/brotli": Outcome.UNPARSABLE,
    "/twice-encoded": Outcome.UNPARSABLE,
    "/not-http": Outcome.UNPARSABLE,
    "/304-unasked": Outcome.UNPARSABLE,
    "/300": Outcome.UNPARSABLE,
    "/moved-nowhere": Outcome.UNPARSABLE,
    "/drip": Outcome.TIMEOUT,
    "/silence": Outcome.TIMEOUT,
    "/hangs-up": Outcome.CONNECT,
    "/body-cut-short": Outcome.CONNECT,
    "/chunk-cut-short": Outcome.CONNECT,
    "/400": Outcome.HTTP_4XX,
    "/401": Outcome.HTTP_4XX,
    "/404": Outcome.MISSING,
    "/410": Outcome.MISSING,
    "/404-broken-gzip": Outcome.MISSING,
    "/moved-to-404": Outcome.MISSING,
    "/429": Outcome.HTTP_429,
    "/500": Outcome.HTTP_5XX,
    "/503": Outcome.HTTP_5XX,
    "/999": Outcome.HTTP_5XX,
    "/moved-to-file": Outcome.REFUSED_ADDRESS,
    "/moved-to-nonsense": Outcome.REFUSED_ADDRESS,
    "/moved-to-port-0": Outcome.REFUSED_ADDRESS,
    "/moved-to-space": Outcome.REFUSED_ADDRESS,
    "/moved-to-long-name": Outcome.REFUSED_ADDRESS,
    "/loop": Outcome.TOO_MANY_REDIRECTS,
}
OTHER_BODIES = {"/empty", "/header-in-latin-1", "/no-content", "/exactly-at-the-limit"}
BODIES_OF_THE_FEED = [
    path for path, outcome in SITUATIONS.items() if outcome is Outcome.FETCHED and path not in OTHER_BODIES
]
WITHOUT_WORDS = {Outcome.FETCHED, Outcome.MISSING, Outcome.HTTP_4XX, Outcome.HTTP_429, Outcome.HTTP_5XX}


@pytest.fixture(scope="module")
def answers() -> dict[str, Response]:
    """What came of every situation, asked at once of one server."""

    async def run() -> dict[str, Response]:
        async with server() as base:
            sending = (
                send(base + path, HASTY if outcome is Outcome.TIMEOUT else OPTIONS)
                for path, outcome in SITUATIONS.items()
            )
            return dict(zip(SITUATIONS, await asyncio.gather(*sending), strict=True))

    return asyncio.run(run())


@pytest.mark.parametrize(("path", "outcome"), SITUATIONS.items())
def test_each_situation_ends_in_its_outcome(answers: dict[str, Response], path: str, outcome: Outcome) -> None:
    response = answers[path]
    assert response.outcome is outcome, response
    assert response.error or outcome in WITHOUT_WORDS


@pytest.mark.parametrize("path", BODIES_OF_THE_FEED)
def test_a_body_arrives_unpacked_whatever_its_encoding(answers: dict[str, Response], path: str) -> None:
    assert answers[path].payload == FEED


def test_a_body_is_kept_as_it_came_where_unpacking_changed_it(answers: dict[str, Response]) -> None:
    assert answers["/feed"].raw_payload is None
    assert gzip.decompress(answers["/gzip"].raw_payload or b"") == FEED
    assert answers["/brotli"].raw_payload == b"\x8b\x02\x80abc\x03"
    assert answers["/bomb"].raw_payload is None


def test_redirects_are_told_in_order(answers: dict[str, Response]) -> None:
    response = answers["/moved-twice"]
    assert [url.rpartition("/")[2] for url in response.redirects] == ["moved", "feed"]
    assert response.final_url == response.redirects[-1]
    assert "#" not in answers["/moved-with-fragment"].final_url
    assert len(answers["/loop"].redirects) == 1


def test_an_error_page_keeps_status_headers_and_body(answers: dict[str, Response]) -> None:
    response = answers["/429"]
    assert (response.status, response.header("retry-after"), response.payload) == (429, "60", b"slow down")


def test_a_header_can_be_stored_whatever_its_bytes(answers: dict[str, Response]) -> None:
    assert answers["/header-in-latin-1"].header("x-city") == "Almáty"


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
    assert OPTIONS.user_agent in text
    assert "feed reader" in text
    assert "Cookie" not in text


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert ask("/feed").outcome is Outcome.FETCHED


# --- addresses ---


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:4001::1", True),
        ("::ffff:8.8.8.8", False),
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
    "host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "0"]
)
def test_a_private_address_is_refused_however_it_is_written(host: str) -> None:
    response = asyncio.run(send(f"http://{host}:9/", replace(OPTIONS, allow_private_addresses=False)))
    assert response.outcome is Outcome.REFUSED_ADDRESS, response


def test_a_redirect_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first hop is let through as if it were public; the second, the cloud's metadata address, is not."""
    monkeypatch.setattr("sources.network.is_public", lambda text, **_: text == "127.0.0.1" or is_public(text))
    monkeypatch.setitem(ROUTES, "/inward", redirect("http://169.254.169.254/latest/meta-data"))
    response = ask("/inward", replace(OPTIONS, allow_private_addresses=False))
    assert response.outcome is Outcome.REFUSED_ADDRESS
    assert response.final_url == "http://169.254.169.254/latest/meta-data"


@pytest.mark.parametrize("url", ["ftp://example.org/", "file:///etc/passwd", "news", "http://", "http://h:99999/", ""])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert asyncio.run(send(url)).outcome is Outcome.REFUSED_ADDRESS


# --- below HTTP ---


def test_a_name_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's resolver is stood in for: a test may not ask a real name server."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert asyncio.run(send("http://no-such-host.invalid/")).outcome is Outcome.DNS


def test_a_port_where_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        response = asyncio.run(send(f"http://127.0.0.1:{taken.getsockname()[1]}/"))
    assert response.outcome is Outcome.CONNECT


def test_tls_asked_of_a_server_that_speaks_none() -> None:
    async def run() -> Response:
        async with server() as base:
            return await send(base.replace("http:", "https:") + "/feed")

    assert asyncio.run(run()).outcome is Outcome.TLS


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    async def run() -> Response:
        async with server(self_signed(tmp_path)) as base:
            return await send(base + "/feed")

    assert asyncio.run(run()).outcome is Outcome.TLS


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return a server's TLS context with a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=36500))
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
