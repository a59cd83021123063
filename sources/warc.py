"""One attempt as WARC 1.1 records: an attempt in, bytes out, and the way back.

The request record holds the request as it was to be sent, the response record (where there was an answer) the body as
it came, and the metadata record, which comes last, in JSON what HTTP cannot say. Ids, dates and gzip headers are made
from the attempt alone: the same attempt gives the same bytes. Knows nothing of folders and files. Called by `captures`.
"""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from http.client import responses as phrases
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit
from uuid import UUID

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from sources.answers import Headers
from sources.decoding import BodyError, decode_body
from sources.headers import headers_to_send
from transforms.records import CaptureKind, Outcome, Request, Response, digest

_LOG = logging.getLogger(__name__)
_HTTP_REQUEST = "application/http; msgtype=request"
_HTTP_RESPONSE = "application/http; msgtype=response"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, and where its first record begins in the file it was read from."""

    capture_id: str
    request: Request
    response: Response
    fetched_at: datetime
    offset_bytes: int = 0
    robots_capture_id: str | None = None


# --- writing ---


def file_opening(name: str, at: datetime) -> bytes:
    """Return the warcinfo record that opens a file."""
    lines = ("software: media-cooperation-monitor", "format: WARC File Format 1.1")
    block = "".join(f"{line}\r\n" for line in lines).encode()
    identity = digest("warcinfo", name, at.isoformat())
    extra = (("WARC-Filename", name),)
    return _pack([_Record("warcinfo", "application/warc-fields", None, at, identity, block, block, extra)])


def attempt_bytes(attempt: Attempt, user_agent: str) -> bytes:
    """Return the records of one attempt, each a gzip member of its own."""
    return _pack(_records_of(attempt, user_agent))


@dataclass(frozen=True, slots=True)
class _Record:
    """One WARC record; `payload` is the part of the block that the payload digest speaks of."""

    kind: str
    content_type: str
    target: str | None
    date: datetime
    identity: str  # 32 hexadecimal characters
    block: bytes
    payload: bytes
    extra: Headers = ()


def _records_of(attempt: Attempt, user_agent: str) -> Iterator[_Record]:
    """Yield the records of one attempt in the order in which they are written."""
    response, at, target = attempt.response, attempt.fetched_at, attempt.response.final_url
    ids = {kind: digest(kind, attempt.capture_id) for kind in ("request", "response", "metadata")}
    together = (("WARC-Concurrent-To", _urn(ids["metadata"])),)
    if target.lower().startswith(("http:", "https:")):  # anything else was never to be asked for by HTTP
        block = _request_block(attempt.request, target, user_agent)
        yield _Record("request", _HTTP_REQUEST, target, at, ids["request"], block, b"", together)
    if response.status is not None:
        body = response.payload if response.raw_payload is None else response.raw_payload
        block = _response_head(response.status, response.headers) + body
        cut = (("WARC-Truncated", "length"),) if response.outcome is Outcome.TOO_LARGE else ()
        yield _Record("response", _HTTP_RESPONSE, target, at, ids["response"], block, body, together + cut)
    note = json.dumps(_note_of(attempt), sort_keys=True).encode()
    yield _Record("metadata", "application/json", attempt.request.url, at, ids["metadata"], note, note)


def _note_of(attempt: Attempt) -> dict[str, Any]:
    """Return what must be known of an attempt beside the HTTP messages."""
    request, response = attempt.request, attempt.response
    return {
        "capture_id": attempt.capture_id,
        "kind": request.kind,
        "outlet_id": request.outlet_id,
        "feed_id": request.feed_id,
        "url": request.url,
        "etag": request.etag,
        "last_modified": request.last_modified,
        "outcome": response.outcome,
        "error": response.error,
        "final_url": response.final_url,
        "redirects": response.redirects,
        "moved_to": response.moved_to,
        "elapsed_seconds": response.elapsed_seconds,
        "payload_bytes": len(response.payload),
        "is_encoded": response.raw_payload is not None,
        "robots_capture_id": attempt.robots_capture_id,
    }


def _request_block(request: Request, target: str, user_agent: str) -> bytes:
    """Return the HTTP request as it is sent to the last address of the attempt."""
    host, path = _host_and_path(target)
    return _head(f"GET {path} HTTP/1.1", (("Host", host), *headers_to_send(request, user_agent)))


def _host_and_path(url: str) -> tuple[str, str]:
    """Return what stands in the Host header and in the request line; an address that is none has no host."""
    try:
        address = urlsplit(_ascii_address(url))
    except ValueError:
        return "", "/"
    return address.netloc.rpartition("@")[2], (address.path or "/") + (f"?{address.query}" if address.query else "")


def _response_head(status: int, headers: Headers) -> bytes:
    """Return the status line and headers of an answer; the phrase is the standard's, for it carries no meaning."""
    return _head(f"HTTP/1.1 {status} {phrases.get(status, '')}", headers)


def _head(first_line: str, headers: Headers) -> bytes:
    """Return an HTTP head; line ends inside a value would begin a header of their own and become spaces."""
    lines = [first_line, *(f"{name}: {value}" for name, value in headers)]
    text = "".join(re.sub(r"[\r\n]+", " ", line) + "\r\n" for line in lines)
    return text.encode(errors="replace") + b"\r\n"


def _pack(records: Iterable[_Record]) -> bytes:
    """Return records one after the other, each a gzip member."""
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    for record in records:
        writer.write_record(_to_warcio(record))
    return buffer.getvalue()


def _to_warcio(record: _Record) -> ArcWarcRecord:
    """Return the record as warcio writes it, the HTTP head untouched (warcio would rewrite letters beyond ASCII)."""
    headers = [
        ("WARC-Type", record.kind),
        ("WARC-Record-ID", _urn(record.identity)),
        ("WARC-Date", f"{record.date:%Y-%m-%dT%H:%M:%S.%fZ}"),
        *([("WARC-Target-URI", _ascii_address(record.target))] if record.target else []),
        *record.extra,
        ("WARC-Payload-Digest", _sha1(record.payload)),
        ("WARC-Block-Digest", _sha1(record.block)),
    ]
    fields = StatusAndHeaders("", headers, protocol="WARC/1.1")
    block = io.BytesIO(record.block)
    return ArcWarcRecord("warc", record.kind, fields, block, None, record.content_type, len(record.block))


def _sha1(data: bytes) -> str:
    """Return a digest in the form that WARC tools check."""
    digester = Digester("sha1")
    digester.update(data)
    return str(digester)


def _urn(identity: str) -> str:
    """Return 32 hexadecimal characters as a record id."""
    return f"<urn:uuid:{UUID(identity)}>"


def _ascii_address(url: str) -> str:
    """Return an address that can stand in a header: what a stranger wrote must not end the line."""
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]", errors="replace")


# --- reading ---


def read_attempts(file: BinaryIO) -> Iterator[Attempt]:
    """Yield each attempt that has its metadata record, from where the file stands, up to the first damage."""
    offset, answer = None, None
    for record, block in _whole_records(file):
        if record.record_type == WarcRecordType.warcinfo:
            continue
        offset = record.stream_pos if offset is None else offset
        if record.record_type == WarcRecordType.response:
            answer = block
        elif record.record_type == WarcRecordType.metadata:
            at = datetime.fromisoformat(record.headers["WARC-Date"])
            yield _attempt_of(json.loads(block), answer, at, offset)
            offset, answer = None, None


def _whole_records(file: BinaryIO) -> Iterator[tuple[WarcRecord, bytes]]:
    """Yield records with their blocks, and stop, saying so in the log, where one is torn: nothing can follow it."""
    problem: object = None
    try:
        for record in ArchiveIterator(file, parse_http=False):
            block = record.reader.read()
            if str(len(block)) != record.headers.get("Content-Length"):
                problem = "a record is shorter than it says"
                break
            yield record, block
    except OSError as error:
        problem = error
    if problem:
        _LOG.warning("%s: not read to the end: %s", getattr(file, "name", "captures"), problem)


def _attempt_of(note: dict[str, Any], answer: bytes | None, at: datetime, offset_bytes: int) -> Attempt:
    """Return the attempt that a metadata record and the block of a response record amount to."""
    request = Request(
        CaptureKind(note["kind"]),
        note["outlet_id"],
        note["url"],
        note["feed_id"],
        etag=note["etag"],
        last_modified=note["last_modified"],
    )
    response = _response_of(note, answer)
    return Attempt(note["capture_id"], request, response, at, offset_bytes, note.get("robots_capture_id"))


def _response_of(note: dict[str, Any], answer: bytes | None) -> Response:
    """Return the response with its payload unpacked again, as far as it was when it came."""
    status, headers, body = _parse_http(answer) if answer is not None else (None, (), b"")
    response = Response(
        Outcome(note["outcome"]),
        note["final_url"],
        status,
        headers,
        body,
        tuple(note["redirects"]),
        note["elapsed_seconds"],
        note["error"],
        moved_to=note.get("moved_to"),  # captures of the first version do not tell
    )
    return _unpacked(response, note["payload_bytes"]) if note["is_encoded"] else response


def _unpacked(response: Response, payload_bytes: int) -> Response:
    """Return the response with its body moved to `raw_payload` and unpacked; what could not be, stays empty."""
    limit = max(payload_bytes, len(response.payload))  # a short body is longer packed than unpacked
    try:
        payload = decode_body(response.payload, response.header("Content-Encoding"), limit)
    except BodyError as problem:
        payload = problem.begun[:payload_bytes]
    return replace(response, payload=payload, raw_payload=response.payload)


def _parse_http(block: bytes) -> tuple[int, Headers, bytes]:
    """Return status, headers and body of a response record."""
    head, _, body = block.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return int(first.split(" ")[1]), tuple((name, value.removeprefix(" ")) for name, _, value in pairs), body
