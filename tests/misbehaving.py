"""Servers on loopback that misbehave in named ways, for the tests of fetching: real sockets, real bytes."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import logging
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pyarrow as pa
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Wire = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

FEED = b"<rss version='2.0'><channel><title>News</title></channel></rss>"


# --- what one path answers ---


def body(data: bytes, status: int = 200, **headers: str) -> Handler:
    """Answer with these bytes; underscores in header names stand for hyphens."""

    async def handle(_: web.Request) -> web.StreamResponse:
        return web.Response(body=data, status=status, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return handle


def redirect(location: str, status: int = 302) -> Handler:
    return body(b"elsewhere", status, Location=location)


def raw(*pieces: bytes, seconds_between: float = 0.0, hangs_up: bool = True) -> Handler:
    """Put these bytes on the wire as they are, and hang up or fall silent."""

    async def handle(request: web.Request) -> web.StreamResponse:
        wire = request.transport
        assert wire is not None
        for piece in pieces:
            if wire.is_closing():
                break
            wire.write(piece)
            await asyncio.sleep(seconds_between)
        if not hangs_up:
            await asyncio.sleep(5)
        wire.close()
        return web.Response()

    return handle


async def chain(request: web.Request) -> web.StreamResponse:
    """Lead on to the next address for ever, never to one seen before."""
    number = int(request.query.get("n", "0"))
    return web.Response(status=302, headers={"Location": f"/chain?n={number + 1}"})


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


def packed(data: bytes, codec: str) -> bytes:
    """Return bytes packed as `brotli` or `zstd`."""
    result: bytes = pa.compress(data, codec=codec, asbytes=True)
    return result


@asynccontextmanager
async def serve(routes: Mapping[str, Handler], tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Serve these paths on a free loopback port and give the address."""
    application = web.Application()
    for path, handler in routes.items():
        application.router.add_get(path, handler)
    logging.getLogger("aiohttp.server").setLevel(
        logging.CRITICAL
    )  # clients that hang up are what these servers are for
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.01, handle_signals=False)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        port = runner.addresses[0][1]
        yield f"http{'s' if tls else ''}://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


# --- what a connection does ---


def says(data: bytes) -> Wire:
    """Say these bytes before anything was asked, and hang up."""

    async def handle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return handle


async def hangs_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close as soon as the connection stands."""


async def resets(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Break the connection without a goodbye."""
    writer.transport.abort()


async def stays_silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Listen, and never say a word."""
    await reader.read(1 << 20)
    await asyncio.sleep(5)


@asynccontextmanager
async def listen(wire: Wire) -> AsyncIterator[int]:
    """Treat each connection to a free loopback port like this, and give the port."""
    running: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        with suppress(asyncio.CancelledError):  # at the end of the test, with a client still waiting
            await wire(reader, writer)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


# --- certificates ---


def certified(folder: Path, *, is_expired: bool = False, name: str = "127.0.0.1") -> ssl.SSLContext:
    """Return a server's TLS context with a certificate that it signed itself, which nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    start = dt.datetime(2016 if is_expired else 2026, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=365 if is_expired else 36_500))
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


GZIP_BOMB = gzip.compress(bytes(3_000_000), mtime=0)
