"""What an answer means: status and bytes in, a Response with one outcome of the closed list out.

Pure and bounded: a body is never unpacked beyond the limit given. Shared by the network and the replay, so that a
recorded answer is judged exactly like a live one. Called by both transports and, for reading back, by `captures`.
"""

from __future__ import annotations

import zlib

from sources.headers import is_conditional
from transforms.records import Outcome, Request, Response

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NOT_ASKED_FOR = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip"})
_GZIP_OR_ZLIB, _BARE_DEFLATE = 47, -15  # window bits, as zlib encodes the container in them

Headers = tuple[tuple[str, str], ...]


class BodyError(Exception):
    """A body that cannot be taken: too large, or not what its Content-Encoding says."""

    def __init__(self, outcome: Outcome, problem: str) -> None:
        self.outcome = outcome
        super().__init__(problem)


def read_answer(request: Request, status: int, headers: Headers, body: bytes | None, limit_bytes: int) -> Response:
    """Return the Response that an answer amounts to; a body of None was broken off because it passed the limit."""
    outcome, error = outcome_of_status(status, is_conditional(request))
    answer = Response(outcome, request.url, status, headers, error=error)
    try:
        payload = decode_body(body, answer.header("Content-Encoding"), limit_bytes)
    except BodyError as problem:
        return Response(
            # a status that already is a failure says more than the state of its error page
            problem.outcome if outcome is Outcome.FETCHED else outcome,
            request.url,
            status,
            headers,
            error=str(problem),
            raw_payload=body if problem.outcome is Outcome.UNPARSABLE else None,
        )
    raw = None if payload is body else body
    return Response(outcome, request.url, status, headers, payload=payload, error=error, raw_payload=raw)


def unanswered(outcome: Outcome, url: str, error: str) -> Response:
    """Return the Response of an attempt that got no answer, and why."""
    return Response(outcome, final_url=url, error=error)


def outcome_of_status(status: int, was_conditional: bool) -> tuple[Outcome, str | None]:
    """Return what a status means, and words where the status is not one that may come here."""
    match status:
        case 304 if was_conditional:
            return Outcome.NOT_MODIFIED, None
        case 404 | 410:
            return Outcome.MISSING, None
        case 429:
            return Outcome.HTTP_429, None
    if 200 <= status < 300:
        return Outcome.FETCHED, None
    if 400 <= status < 500:
        return Outcome.HTTP_4XX, None
    if status >= 500:
        return Outcome.HTTP_5XX, None
    return Outcome.UNPARSABLE, f"status {status} answers nothing that was asked"


def decode_body(body: bytes | None, encoding: str | None, limit_bytes: int) -> bytes:
    """Undo the Content-Encoding, within the limit; the very same object comes back where there is nothing to undo.

    Raises BodyError. Words that name no encoding ("none", "utf-8", as some servers say) are passed over.
    """
    if body is None or len(body) > limit_bytes:
        raise BodyError(Outcome.TOO_LARGE, f"the body is larger than {limit_bytes} bytes")
    name = (encoding or "").strip().lower()
    if not body or name not in {"gzip", "x-gzip", "deflate"}:
        _refuse_unknown(name)
        return body
    try:
        return _inflate(body, name, limit_bytes)
    except zlib.error as error:
        raise BodyError(Outcome.UNPARSABLE, f"the body is not {name}: {error}") from None


def _refuse_unknown(name: str) -> None:
    """Raise BodyError for an encoding that we never asked for and cannot undo within a bound."""
    if name in _NOT_ASKED_FOR or "," in name:
        raise BodyError(Outcome.UNPARSABLE, f"the body is encoded as {name}, which was not asked for")


def _inflate(body: bytes, name: str, limit_bytes: int) -> bytes:
    """Unpack gzip members, a zlib stream, or the bare deflate that some servers send under that name."""
    is_bare = name == "deflate" and not _looks_like_zlib(body)
    pieces: list[bytes] = []
    size, rest = 0, body
    while rest:
        unpacker = zlib.decompressobj(_BARE_DEFLATE if is_bare else _GZIP_OR_ZLIB)
        piece = unpacker.decompress(rest, limit_bytes + 1 - size)
        pieces.append(piece)
        size += len(piece)
        if size > limit_bytes:
            raise BodyError(Outcome.TOO_LARGE, f"the body unpacks to more than {limit_bytes} bytes")
        if not unpacker.eof:
            raise BodyError(Outcome.UNPARSABLE, f"the {name} body ends too early")
        # a further gzip member belongs to the body; anything else after the end is padding
        rest = unpacker.unused_data if unpacker.unused_data.startswith(b"\x1f\x8b") else b""
    return b"".join(pieces)


def _looks_like_zlib(body: bytes) -> bool:
    """Say whether the bytes open with a zlib or gzip header (RFC 1950: a multiple of 31, method 8)."""
    is_zlib = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return is_zlib or body.startswith(b"\x1f\x8b")
