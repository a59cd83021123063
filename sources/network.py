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
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.http_exceptions import LineTooLong
from yarl import URL

from sources.addresses import RefusedAddressError, open_public_socket
from sources.answers import REDIRECTS, Headers, read_answer, unanswered
from sources.client import FetchOptions, body_limit
from sources.headers import headers_to_send
from sources.redirects import follow
from transforms.records import Outcome, Request, Response

_CHUNK_BYTES = 65_536
_HEADER_LIMIT_BYTES = 32_768  # some policies (Content-Security-Policy) pass aiohttp's 8 kB
_ERROR_CHARACTERS = 300
_OF_THE_HOP = "transfer-encoding"  # undone by the HTTP client before we see the body


class NetworkTransport:
    """Sends requests over the network; an async context manager that holds the connections."""

    def __init__(self, options: FetchOptions) -> None:
        self._options = options
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        factory = None if self._options.allow_private_addresses else open_public_socket
        self._session = aiohttp.ClientSession(
            # how many hosts are asked at once is the client's business
            connector=aiohttp.TCPConnector(limit=0, socket_factory=factory),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._options.connect_timeout_seconds),
            auto_decompress=False,
            trust_env=False,
            max_line_size=_HEADER_LIMIT_BYTES,
            max_field_size=_HEADER_LIMIT_BYTES,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, request: Request) -> Response:
        """Return what came of a request, redirects followed; the total timeout covers all of it."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(self._options.total_timeout_seconds):
                response = await follow(request, self._ask, self._options.max_redirects)
        except TimeoutError:
            words = f"no complete answer within {self._options.total_timeout_seconds:g} seconds"
            response = unanswered(Outcome.TIMEOUT, request.url, words)
        return replace(response, elapsed_seconds=round(loop.time() - started, 3))

    async def _ask(self, request: Request) -> Response:
        """Ask for one address, without following anything."""
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
                body = b"" if answer.status in REDIRECTS else await _read_body(answer, limit)
                return read_answer(request, answer.status, _headers_of(answer), body, limit)
        # a host name that cannot be encoded raises UnicodeError below aiohttp
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            words = f"{type(error).__name__}: {error}"[:_ERROR_CHARACTERS]  # some quote what the server sent
            return unanswered(outcome_of_error(error), request.url, words)


async def _read_body(answer: aiohttp.ClientResponse, limit_bytes: int) -> bytes | None:
    """Return the body as it comes, or None as soon as it passes the limit, announced or not."""
    if (answer.content_length or 0) > limit_bytes:
        return None
    body = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > limit_bytes:
            return None
    return bytes(body)


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
