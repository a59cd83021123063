"""Undoing a Content-Encoding within a bound: gzip, deflate, Brotli, Zstandard, also one upon the other.

Pure; never unpacks beyond the limit it is given, however small the bomb. Called by `answers`, and by `warc` to read
back what was stored.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

from transforms.records import Outcome

MOST_LAYERS = 3
_UNKNOWN = frozenset({"compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip"})
_GZIP_OR_ZLIB, _BARE_DEFLATE = 47, -15  # window bits, as zlib encodes the container in them


class BodyError(Exception):
    """A body that cannot be taken: too large, or not what its Content-Encoding says.

    `begun` is as much of it, unpacked, as the limit allows, where that is known.
    """

    def __init__(self, outcome: Outcome, problem: str, begun: bytes = b"") -> None:
        self.outcome, self.begun = outcome, begun
        super().__init__(problem)


def decode_body(body: bytes, encoding: str | None, limit_bytes: int) -> bytes:
    """Undo the Content-Encoding, within the limit; the very same object comes back where there is nothing to undo.

    Raises BodyError. Words that name no encoding ("none", "utf-8", as some servers say) are passed over.
    """
    layers = _layers(encoding)
    if len(body) > limit_bytes:
        begun = b"" if layers else body[:limit_bytes]
        raise BodyError(Outcome.TOO_LARGE, f"the body is larger than {limit_bytes} bytes", begun)
    if not body:
        return body
    if len(layers) > MOST_LAYERS or _UNKNOWN & set(layers):
        raise BodyError(Outcome.UNPARSABLE, f"the body is encoded as {encoding}, which was not asked for")
    for name in reversed(layers):  # the header names them in the order in which they were laid on
        body = _UNPACKERS[name](body, name, limit_bytes)
    return body


def _layers(encoding: str | None) -> list[str]:
    """Return the encodings that a header names, in its order."""
    names = (name.strip().lower() for name in (encoding or "").split(","))
    return [name for name in names if name in _UNPACKERS or name in _UNKNOWN]


def _inflate(body: bytes, name: str, limit_bytes: int) -> bytes:
    """Unpack gzip members, a zlib stream, or the bare deflate that some servers send under that name."""
    is_bare = name == "deflate" and not _looks_like_zlib(body)
    pieces: list[bytes] = []
    size, rest = 0, body
    while rest:
        unpacker = zlib.decompressobj(_BARE_DEFLATE if is_bare else _GZIP_OR_ZLIB)
        piece = _inflate_piece(unpacker, rest, name, limit_bytes + 1 - size)
        pieces.append(piece)
        size += len(piece)
        if size > limit_bytes:
            raise _too_large(b"".join(pieces), limit_bytes)
        if not unpacker.eof:
            raise BodyError(Outcome.UNPARSABLE, f"the {name} body ends too early")
        # a further gzip member belongs to the body; anything else after the end is padding
        rest = unpacker.unused_data if unpacker.unused_data.startswith(b"\x1f\x8b") else b""
    return b"".join(pieces)


def _inflate_piece(unpacker: zlib._Decompress, data: bytes, name: str, most_bytes: int) -> bytes:
    """Unpack one stream as far as `most_bytes`; raises BodyError."""
    try:
        return unpacker.decompress(data, most_bytes)
    except zlib.error as error:
        raise BodyError(Outcome.UNPARSABLE, f"the body is not {name}: {error}") from None


def _unstream(body: bytes, name: str, limit_bytes: int) -> bytes:
    """Unpack Brotli or Zstandard with the streams that come with our tables; raises BodyError."""
    import pyarrow as pa  # heavy, and only for the servers that send what was not asked for

    codec = {"br": "brotli"}.get(name, name)
    try:
        piece: bytes = pa.CompressedInputStream(pa.BufferReader(body), codec).read(limit_bytes + 1)
    except OSError as error:
        raise BodyError(Outcome.UNPARSABLE, f"the body is not {codec}: {error}") from None
    if len(piece) > limit_bytes:
        raise _too_large(piece, limit_bytes)
    return piece


def _too_large(unpacked: bytes, limit_bytes: int) -> BodyError:
    """Return the error of a body that unpacks to more than the limit."""
    words = f"the body unpacks to more than {limit_bytes} bytes"
    return BodyError(Outcome.TOO_LARGE, words, unpacked[:limit_bytes])


def _looks_like_zlib(body: bytes) -> bool:
    """Say whether the bytes open with a zlib or gzip header (RFC 1950: a multiple of 31, method 8)."""
    is_zlib = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return is_zlib or body.startswith(b"\x1f\x8b")


_UNPACKERS: dict[str, Callable[[bytes, str, int], bytes]] = {
    "gzip": _inflate,
    "x-gzip": _inflate,
    "deflate": _inflate,
    "br": _unstream,
    "zstd": _unstream,
}
