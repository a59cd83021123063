"""Loading: from captures that no table knows yet to stored rows, for a night as for a rerun: the only way in.

What is pending is found by comparing the WARC files with how far each is loaded. Feeds and pages are taken in turns, in
the order in which they were captured, a batch a transaction; a run that was killed goes on where its last commit was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from flows.context import RunContext
from flows.load_feeds import load_feeds
from flows.load_pages import load_pages
from flows.reading import keeping_readers
from sources.captures import read_captures, repair, warc_files
from transforms.records import Capture, CaptureKind
from warehouse import read


@dataclass(frozen=True, slots=True)
class PendingBatch:
    """Captures of one kind that are loaded in one transaction, and up to where that loads each WARC file."""

    is_pages: bool
    captures: tuple[Capture, ...]
    progress: dict[str, int]


def load_pending(context: RunContext) -> None:
    """Load every capture that is not in the warehouse yet."""
    with keeping_readers():
        for batch in pending_batches(context):
            load = load_pages if batch.is_pages else load_feeds
            load(context, batch.captures, batch.progress)


def pending_batches(context: RunContext) -> Iterator[PendingBatch]:
    """Yield what is pending in batches: all leading feeds, then all leading pages, and so on."""
    waiting = _pending_by_file(context)
    is_pages = False
    while any(waiting.values()):
        while batch := _take(waiting, is_pages, context.settings.run.captures_per_batch):
            yield batch
        is_pages = not is_pages


@dataclass(frozen=True, slots=True)
class _Located:
    """A capture, and the offset at which its file goes on behind it."""

    capture: Capture
    end_bytes: int


def _pending_by_file(context: RunContext) -> dict[str, list[_Located]]:
    """Return the captures behind each file's loaded part; a torn last record is cut off first."""
    loaded = read.loaded_bytes(context.warehouse)
    pending: dict[str, list[_Located]] = {}
    for name in warc_files(context.home.captures):
        path = context.home.captures / name
        if path.stat().st_size == loaded.get(name, 0):
            continue
        if cut := repair(path):
            context.count("torn_bytes_cut", cut)
        size = path.stat().st_size
        captures = list(read_captures(context.home.captures, name, loaded.get(name, 0)))
        ends = [*(capture.warc_offset_bytes for capture in captures[1:]), *([size] if captures else [])]
        pending[name] = [_Located(capture, end) for capture, end in zip(captures, ends, strict=True)]
    return pending


def _take(waiting: dict[str, list[_Located]], is_pages: bool, limit: int) -> PendingBatch | None:
    """Take the leading captures of this kind from each file, at most `limit` in all; None when there are none."""
    captures: list[Capture] = []
    progress: dict[str, int] = {}
    for name, located in waiting.items():
        leading = list(takewhile(lambda item: _is_page(item.capture) is is_pages, located[: limit - len(captures)]))
        if leading:
            captures += [item.capture for item in leading]
            progress[name] = leading[-1].end_bytes
            del located[: len(leading)]
    return PendingBatch(is_pages, tuple(captures), progress) if captures else None


def _is_page(capture: Capture) -> bool:
    """Say whether a capture is loaded with the pages; feeds and robots.txt go together."""
    return capture.request.kind is CaptureKind.PAGE
