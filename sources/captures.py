"""Captures: every attempt, answered or not, in WARC files that are appended to and read back.

An attempt is whole when its last record, the metadata, is; one torn by a crash is cut off by `repair` before anything
is written after it. Never judges what it stores. Written by `client`; read by `flows` and by `replay`.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from sources.headers import DEFAULT_USER_AGENT
from sources.warc import Attempt, attempt_bytes, file_opening, read_attempts
from transforms.records import Capture, Request, Response, digest

MAX_FILE_BYTES = 1_000_000_000
PROBES = "probe-"  # how the names of files begin that hold what was asked by hand, outside any run
_SUFFIX = ".warc.gz"
_COMPLETES = re.compile(rb"^WARC-Type: (metadata|warcinfo)\r$", re.MULTILINE)
_READ_BYTES = 65_536
_GZIP = 31  # window bits, as zlib encodes the container in them


class CaptureWriter:
    """Appends attempts to `<folder>/<date of now()>/<name>.warc.gz`, then to `<name>_002.warc.gz` and so on.

    A file left by an earlier run of the same name and day is mended and continued; `repaired_bytes` tells how much
    of a torn attempt was cut off. No file is held open between two attempts; leaving the context makes all durable.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        now: Callable[[], datetime],
        max_bytes: int = MAX_FILE_BYTES,
        user_agent: str = DEFAULT_USER_AGENT,
    ) -> None:
        self._folder, self._now, self._max_bytes, self._user_agent = folder, now, max_bytes, user_agent
        self._stem = f"{now().astimezone(UTC):%Y-%m-%d}/{name}"
        self._number = 1
        while self._path(self._number + 1).exists():
            self._number += 1
        self.repaired_bytes = repair(self._path(self._number)) if self._path(self._number).exists() else 0
        self._touched: set[Path] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sync()

    def write(
        self, request: Request, response: Response, fetched_at: datetime, robots_capture_id: str | None = None
    ) -> Capture:
        """Append one attempt and return it as a capture; it is whole in the file when this returns.

        `robots_capture_id` names the capture of the robots.txt by which it was asked for, or refused.
        """
        at = fetched_at.astimezone(UTC)
        # a stranger's address may hold half a surrogate pair, which has no UTF-8 of its own
        capture_id = digest(request.url.encode(errors="surrogatepass"), at.isoformat(), response.payload)
        attempt = Attempt(capture_id, request, response, at, robots_capture_id=robots_capture_id)
        path = self._path_with_room()
        offset = _append(path, attempt_bytes(attempt, self._user_agent))
        name = path.relative_to(self._folder).as_posix()
        return Capture(capture_id, request, response, at, name, offset, robots_capture_id)

    def sync(self) -> None:
        """Have the operating system put on disk what was written."""
        while self._touched:
            with self._touched.pop().open("rb") as file:
                os.fsync(file.fileno())

    def _path(self, number: int) -> Path:
        """Return the file of a number; the first carries none, and sorts before the others."""
        suffix = _SUFFIX if number == 1 else f"_{number:03}{_SUFFIX}"
        return self._folder / f"{self._stem}{suffix}"

    def _path_with_room(self) -> Path:
        """Return the file to append to, opened with a warcinfo record where it is new."""
        path = self._path(self._number)
        if path.exists() and path.stat().st_size >= self._max_bytes:
            self._number += 1
            path = self._path(self._number)
        if not path.exists() or path.stat().st_size == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
            _append(path, file_opening(path.name, self._now().astimezone(UTC)))
        self._touched.add(path)
        return path


def _append(path: Path, data: bytes) -> int:
    """Append bytes and return the offset at which they begin."""
    with path.open("ab") as file:
        offset = file.tell()
        file.write(data)
    return offset


def warc_files(folder: Path) -> list[str]:
    """Return the WARC files below a folder, relative to it, in the order in which they were written.

    What was asked by hand is left out: a probe is kept as evidence, and is neither loaded nor rebuilt from.
    """
    files = (path for path in folder.rglob(f"*{_SUFFIX}") if not path.name.startswith(PROBES))
    return sorted(path.relative_to(folder).as_posix() for path in files)


def day_folders(folder: Path) -> list[Path]:
    """Return the folders of the days on which something was captured (in UTC), oldest first."""
    return sorted(path for path in folder.glob("????-??-??") if path.is_dir())


def read_captures(folder: Path, warc_file: str, from_offset_bytes: int = 0) -> Iterator[Capture]:
    """Yield the whole attempts of a file in order, from an offset at which an attempt begins.

    `warc_file` is relative to the folder. Reading ends at an attempt that a crash has torn, with a warning in the log.
    """
    with (folder / warc_file).open("rb") as file:
        file.seek(from_offset_bytes)
        for attempt in read_attempts(file):
            yield Capture(
                attempt.capture_id,
                attempt.request,
                attempt.response,
                attempt.fetched_at,
                warc_file,
                attempt.offset_bytes,
                attempt.robots_capture_id,
            )


def read_capture(folder: Path, warc_file: str, offset_bytes: int) -> Capture:
    """Return the attempt at an offset; raises LookupError where none begins there."""
    capture = next(read_captures(folder, warc_file, offset_bytes), None)
    if capture is None or capture.warc_offset_bytes != offset_bytes:
        raise LookupError(f"{folder / warc_file}: no attempt begins at byte {offset_bytes}")
    return capture


def repair(path: Path, whole_bytes: int = 0) -> int:
    """Cut a torn attempt off the end of a file and return how many bytes that were.

    What stays ends with the last record that completes an attempt and whose gzip checksum holds. The first
    `whole_bytes` are known to be whole (they were read before) and are left alone, whatever the disk says of them now.
    What a disk has damaged, rather than a crash torn, is put aside beside the file: more attempts may lie behind it.
    """
    size, whole = path.stat().st_size, whole_bytes
    with path.open("r+b") as file:
        file.seek(whole_bytes)
        for end, completes in _members(file):
            whole = end if completes else whole
        if whole < size:
            file.seek(whole)
            if _is_damaged(rest := file.read()):
                path.with_name(f"{path.name}.damaged-{whole}").write_bytes(rest)
            file.truncate(whole)
            os.fsync(file.fileno())
    return max(0, size - whole)


def _is_damaged(rest: bytes) -> bool:
    """Say whether bytes are no beginning of gzip members: a torn tail is one, cut off too early."""
    while rest:
        unpacker = zlib.decompressobj(_GZIP)
        try:
            unpacker.decompress(rest)
        except zlib.error:
            return True
        if not unpacker.eof:
            return False
        rest = unpacker.unused_data
    return False


def _members(file: BinaryIO) -> Iterator[tuple[int, bool]]:
    """Yield, for each whole gzip member, its end and whether its record completes an attempt; stop at damage."""
    unpacker, head = zlib.decompressobj(_GZIP), b""
    while data := file.read(_READ_BYTES):
        while data:
            try:
                piece = unpacker.decompress(data)
            except zlib.error:
                return
            head += piece[: max(0, _READ_BYTES - len(head))]
            data = unpacker.unused_data
            if unpacker.eof:
                yield file.tell() - len(data), _COMPLETES.search(head.partition(b"\r\n\r\n")[0] + b"\r\n") is not None
                unpacker, head = zlib.decompressobj(_GZIP), b""
