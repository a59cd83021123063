"""The transport that answers from a recording, so that the flows run on yesterday, or on nothing but a folder.

A recording is a folder with `index.jsonl` (one answer a line: at, url, status or outcome, headers, body), a WARC file,
or a folder of WARC files as `captures` writes them. Asked at a time, an address answers with what it last said by
then; a matching validator is answered 304, an unknown address 404. Never opens a connection. Called by `flows`.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urldefrag

from sources.answers import Headers, read_answer, unanswered
from sources.captures import read_capture, read_captures, warc_files
from sources.client import FetchOptions, body_limit
from transforms.records import Outcome, Request, Response

INDEX = "index.jsonl"
_OF_THE_BODY = "content-"  # headers that 304 does not repeat


class RecordingError(Exception):
    """A recording cannot be used; the text names file, line and what is wrong."""


@dataclass(frozen=True, slots=True)
class _Recorded:
    """One recorded answer to one address, read only when it is asked for."""

    at: datetime
    url: str
    read: Callable[[Request, int], Response]


class ReplayTransport:
    """Answers requests from a recording as of `now()`; `options` bound redirects and bodies as on the network."""

    def __init__(self, recording: Path, now: Callable[[], datetime], options: FetchOptions | None = None) -> None:
        self._now, self._options = now, options or FetchOptions()
        self._answers: dict[str, list[_Recorded]] = {}
        # stable: of two answers of the same moment the later line counts
        for recorded in sorted(_read_recording(recording), key=lambda one: one.at):
            self._answers.setdefault(urldefrag(recorded.url).url, []).append(recorded)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    async def ask(self, request: Request) -> Response:
        """Return what the recording holds for one address; no time passes."""
        limit = body_limit(request, self._options)
        answers = self._answers.get(request.url, [])
        count = bisect_right(answers, self._now(), key=lambda one: one.at)
        if count == 0:
            return read_answer(request, 404, (), b"", limit)
        response = answers[count - 1].read(request, limit)
        return _not_modified(request, response) if _is_known(request, response) else response


def _is_known(request: Request, response: Response) -> bool:
    """Say whether the request's validators match the answer; the entity tag decides where there is one (RFC 9110)."""
    if response.status != 200:
        return False
    if request.etag:
        tag = response.header("ETag")
        return tag is not None and tag.removeprefix("W/") == request.etag.removeprefix("W/")
    return bool(request.last_modified) and request.last_modified == response.header("Last-Modified")


def _not_modified(request: Request, response: Response) -> Response:
    """Return the 304 that a server would have sent in place of an answer."""
    headers = tuple((name, value) for name, value in response.headers if not name.lower().startswith(_OF_THE_BODY))
    answer = read_answer(request, 304, headers, b"", 0)
    return replace(answer, final_url=response.final_url, redirects=response.redirects, moved_to=response.moved_to)


def _read_recording(recording: Path) -> Iterator[_Recorded]:
    """Yield all answers of a recording of either kind; raises RecordingError."""
    if (recording / INDEX).is_file():
        yield from _read_index(recording)
    elif recording.is_file():
        yield from _read_warc(recording.parent, recording.name)
    elif files := warc_files(recording):
        for file in files:
            yield from _read_warc(recording, file)
    else:
        raise RecordingError(f"{recording}: neither {INDEX} nor a WARC file is here")


def _read_warc(folder: Path, warc_file: str) -> Iterator[_Recorded]:
    """Yield the answers of a WARC file; a 304 of then is passed over, for what it confirmed was recorded before."""
    for capture in read_captures(folder, warc_file):
        if capture.response.outcome is not Outcome.NOT_MODIFIED:
            read = _from_warc(folder, warc_file, capture.warc_offset_bytes)
            yield _Recorded(capture.fetched_at, capture.request.url, read)


def _from_warc(folder: Path, warc_file: str, offset_bytes: int) -> Callable[[Request, int], Response]:
    """Return a reader of one attempt; nothing takes time in a replay."""
    return lambda _request, _limit: replace(read_capture(folder, warc_file, offset_bytes).response, elapsed_seconds=0.0)


def _read_index(folder: Path) -> Iterator[_Recorded]:
    """Yield the answers of a folder; raises RecordingError with the number of the line."""
    with (folder / INDEX).open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    yield _recorded_of(folder, json.loads(line))
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise RecordingError(f"{folder / INDEX}:{number}: {type(error).__name__}: {error}") from error


def _recorded_of(folder: Path, line: dict[str, Any]) -> _Recorded:
    """Return the answer that a line of the index describes."""
    at = datetime.fromisoformat(line["at"])
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if line["status"] is None:
        outcome = Outcome(line["outcome"])
        return _Recorded(at, line["url"], lambda request, _: unanswered(outcome, request.url, f"recorded: {outcome}"))
    headers = tuple((str(name), str(value)) for name, value in line.get("headers", {}).items())
    body = _body_path(folder, line.get("body"))
    return _Recorded(at, line["url"], _from_folder(int(line["status"]), headers, body))


def _from_folder(status: int, headers: Headers, body: Path | None) -> Callable[[Request, int], Response]:
    """Return a reader of one recorded answer, judged like one from the network."""

    def read(request: Request, limit_bytes: int) -> Response:
        data = body.read_bytes() if body else b""
        return read_answer(request, status, headers, data, limit_bytes)

    return read


def _body_path(folder: Path, body: str | None) -> Path | None:
    """Return the file of a body, which must lie in the recording's folder; raises ValueError."""
    if body is None:
        return None
    path = (folder / body).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise ValueError(f"body {body!r} is no file of the recording")
    return path
