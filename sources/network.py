"""The transport that asks the real network, by aiohttp.

Everything a server can do to us ends as an outcome of the closed list; only bugs raise. Bodies are bounded while they
stream and again while they are unpacked, the whole attempt is bounded in time, TLS is verified, and connections go to
public addresses only. Never reads proxies or credentials from the environment, keeps no cookies. Called by `client`.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.http_exceptions import LineTooLong
from yarl import URL

from sources.addresses import RefusedAddressError, is_public, socket_opener
from sources.answers import REDIRECTS, Headers, read_answer, unanswered
from sources.client import FetchOptions, body_limit
from sources.headers import headers_to_send
from transforms.records import CaptureKind, Outcome, Request, Response

_CHUNK_BYTES = 65_536
_HEADER_LIMIT_BYTES = 32_768  # for one header: some policies (Content-Security-Policy) pass aiohttp's 8 kB
_MOST_HEADERS = 128
_ERROR_CHARACTERS = 300
_OF_THE_HOP = "transfer-encoding"  # undone by the HTTP client before we see the body


class NetworkTransport:
    """Asks over the network; an async context manager that holds the connections, one per host.

    `resolver` is what turns names into addresses, the machine's where none is given; what it says is checked.
    """

    def __init__(self, options: FetchOptions, resolver: AbstractResolver | None = None) -> None:
        self._options, self._resolver = options, resolver
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=self._connector(),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._options.connect_timeout_seconds),
            auto_decompress=False,
            trust_env=False,
            max_line_size=_HEADER_LIMIT_BYTES,
            max_field_size=_HEADER_LIMIT_BYTES,
            max_headers=_MOST_HEADERS,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    def _connector(self) -> aiohttp.TCPConnector:
        """Return what makes connections: to checked addresses only, each resolved for the one connection it serves."""
        is_allowed = partial(is_public, allow_nat64=self._options.allow_nat64_addresses)
        return aiohttp.TCPConnector(
            limit=0,  # how many hosts are asked at once is the client's business
            limit_per_host=1,
            use_dns_cache=False,
            resolver=self._resolver,
            socket_factory=None if self._options.allow_private_addresses else socket_opener(is_allowed),
        )

    async def ask(self, request: Request) -> Response:
        """Return what one address answers, within the total timeout."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(self._options.total_timeout_seconds):
                response = await self._ask(request)
        except TimeoutError:
            words = f"no complete answer within {self._options.total_timeout_seconds:g} seconds"
            response = unanswered(Outcome.TIMEOUT, request.url, words)
        return replace(response, elapsed_seconds=round(loop.time() - started, 3))

    async def _ask(self, request: Request) -> Response:
        """Return what one address answers, or what kept it from answering."""
        if self._session is None:
            raise RuntimeError("a NetworkTransport is used inside `async with`")
        try:
            url = URL(request.url)
        except ValueError as error:
            return unanswered(Outcome.REFUSED_ADDRESS, request.url, f"not an address: {error}")
        headers = dict(headers_to_send(request, self._options.user_agent))
        limit = body_limit(request, self._options)
        try:
            async with self._session.get(url, headers=headers, allow_redirects=False) as answer:
                body = b"" if answer.status in REDIRECTS else await _read_body(request, answer, limit)
                return read_answer(request, answer.status, _headers_of(answer), body, limit)
        # a host name that cannot be encoded raises UnicodeError below aiohttp
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            words = f"{type(error).__name__}: {error}"[:_ERROR_CHARACTERS]  # some quote what the server sent
            return unanswered(outcome_of_error(error), request.url, words)


async def _read_body(request: Request, answer: aiohttp.ClientResponse, limit_bytes: int) -> bytes | None:
    """Return the body as it comes, broken off a byte behind the limit; None where it is announced as longer.

    Of a robots.txt the beginning counts, however long it is.
    """
    if request.kind is not CaptureKind.ROBOTS and (answer.content_length or 0) > limit_bytes:
        return None
    body = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > limit_bytes:
            break
    return bytes(body[: limit_bytes + 1])


def _headers_of(answer: aiohttp.ClientResponse) -> Headers:
    """Return the headers in their order and spelling, those of the hop left out."""
    pairs = ((_text(name), _text(value)) for name, value in answer.raw_headers)
    return tuple((name, value) for name, value in pairs if name.lower() != _OF_THE_HOP)


def _text(raw: bytes) -> str:
    """Return header bytes as text that can be stored: UTF-8, or Latin-1 where they are not."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it was raised from."""
    while error is not None:
        yield error
        error = error.__cause__


def outcome_of_error(error: Exception) -> Outcome:
    """Return the outcome that a network error amounts to; the order goes from the special to the general."""
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, RefusedAddressError):
        return Outcome.REFUSED_ADDRESS
    if any(isinstance(cause, LineTooLong) for cause in _causes(error)):
        return Outcome.TOO_LARGE
    return next((outcome for kinds, outcome in _OUTCOMES if isinstance(error, kinds)), Outcome.CONNECT)


_OUTCOMES: tuple[tuple[tuple[type[Exception], ...], Outcome], ...] = (
    ((aiohttp.ClientConnectorDNSError,), Outcome.DNS),
    ((aiohttp.ClientSSLError, ssl.SSLError), Outcome.TLS),
    ((TimeoutError,), Outcome.TIMEOUT),
    ((aiohttp.InvalidURL, UnicodeError), Outcome.REFUSED_ADDRESS),
    ((aiohttp.ClientResponseError,), Outcome.UNPARSABLE),  # what came is not HTTP
)
