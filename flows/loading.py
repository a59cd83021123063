"""Loading: from captures that no table knows yet to stored rows, for a night as for a rerun: the only way in.

What is pending is found by comparing the WARC files with how far each is loaded. Feeds and pages are taken in turns, in
the order in which they were captured, a batch a transaction; a run that was killed goes on where its last commit was.
Each batch is noted in the ledger, from which `flows/rebuild.py` takes it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

from flows.context import RunContext
from flows.ledger import Span, StepKind, noted
from flows.load_feeds import load_feeds
from flows.load_filling import load_filling
from flows.load_pages import load_pages
from flows.progress import current
from flows.reading import keeping_readers
from sources.captures import read_captures, repair, warc_files
from transforms.records import Capture, CaptureKind
from warehouse import read

_TURNS: tuple[StepKind, ...] = ("feeds", "filling", "pages")
_KIND_OF: dict[CaptureKind, StepKind] = {
    CaptureKind.FEED_PAGE: "filling",
    CaptureKind.SITEMAP: "filling",
    CaptureKind.PAGE: "pages",
}


@dataclass(frozen=True, slots=True)
class PendingBatch:
    """Captures of one kind that are loaded in one transaction, and the part of each WARC file that they are."""

    kind: StepKind
    captures: tuple[Capture, ...]
    spans: Mapping[str, Span]


def load_pending(context: RunContext) -> None:
    """Load every capture that is not in the warehouse yet."""
    with keeping_readers():
        for batch in pending_batches(context):
            noted(context, batch.kind, partial(load_batch, batch=batch), batch.spans)


def load_batch(context: RunContext, batch: PendingBatch) -> None:
    """Load one batch in one transaction."""
    load = {"feeds": load_feeds, "filling": load_filling, "pages": load_pages}[batch.kind]
    load(context, batch.captures, {name: end for name, (_, end) in batch.spans.items()})


def pending_batches(context: RunContext, until: Mapping[str, int] | None = None) -> Iterator[PendingBatch]:
    """Yield what is pending in batches: all leading feeds, then what fills their gaps, then pages, and so on.

    `until` names the files to take and the offset in each at which to stop; without it, all files to their ends.
    """
    waiting = _pending_by_file(context, until)
    while any(pending.head for pending in waiting.values()):
        for kind in _TURNS:
            while batch := _take(waiting, kind, context.settings.run.captures_per_batch):
                yield batch


class _Pending:
    """One file's captures that are not loaded, read one ahead: no more than a batch of pages is ever held."""

    def __init__(self, captures: Iterator[Capture], end: int) -> None:
        self._captures, self._end = captures, end
        self.head = next(captures, None)

    def take(self, kind: StepKind, limit: int) -> tuple[list[Capture], int]:
        """Return the leading captures of a kind, at most `limit`, and the offset at which the file goes on behind."""
        taken: list[Capture] = []
        while self.head is not None and kind_of(self.head) == kind and len(taken) < limit:
            taken.append(self.head)
            self.head = next(self._captures, None)
        return taken, self.head.warc_offset_bytes if self.head else self._end


def _pending_by_file(context: RunContext, until: Mapping[str, int] | None) -> dict[str, _Pending]:
    """Return the captures behind each file's loaded part; a torn last record is cut off first."""
    loaded = read.loaded_bytes(context.warehouse)
    pending: dict[str, _Pending] = {}
    for name in warc_files(context.home.captures) if until is None else until:
        start = loaded.get(name, 0)
        path = context.home.captures / name
        if path.stat().st_size == start:
            continue
        _mend(context, name, start)
        end = path.stat().st_size if until is None else until[name]
        if end > start:
            pending[name] = _behind(context, name, start, end)
    return pending


def _behind(context: RunContext, name: str, start: int, end: int) -> _Pending:
    """Return a file's captures from one offset to another."""
    captures = read_captures(context.home.captures, name, start)
    return _Pending(takewhile(lambda capture: capture.warc_offset_bytes < end, captures), end)


def _mend(context: RunContext, name: str, start: int) -> None:
    """Cut off what a crash has torn at the end of a file, and say so: in the summary, in the journal, on the screen."""
    if cut := repair(context.home.captures / name, start):
        context.count("torn_files_mended")
        context.count("torn_bytes_cut", cut)
        current().say(f"{name}: cut off {cut} bytes that were unfinished or damaged (damaged ones lie beside the file)")


def _take(waiting: Mapping[str, _Pending], kind: StepKind, limit: int) -> PendingBatch | None:
    """Take the leading captures of this kind from each file, at most `limit` in all; None when there are none."""
    captures: list[Capture] = []
    spans: dict[str, Span] = {}
    for name, pending in waiting.items():
        taken, end = pending.take(kind, limit - len(captures))
        if taken:
            captures += taken
            spans[name] = (taken[0].warc_offset_bytes, end)
    return PendingBatch(kind, tuple(captures), spans) if captures else None


def kind_of(capture: Capture) -> StepKind:
    """Say with what a capture is loaded; robots.txt goes with the feeds."""
    return _KIND_OF.get(capture.request.kind, "feeds")
