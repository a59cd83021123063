"""Reading pages in worker processes, each page under a deadline: a hostile page costs its deadline, not the night.

A worker takes seconds to start, so whoever reads several batches keeps the workers from one to the next.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import replace

from pebble import ProcessExpired, ProcessPool

from flows.context import RunContext
from flows.progress import current
from transforms.articles import read_article
from transforms.records import Article, Capture, Outcome, digest
from transforms.urls import article_id_of
from warehouse.batches import WantedPage

_KEPT: ContextVar[tuple[ExitStack, list[ProcessPool]] | None] = ContextVar("readers", default=None)


def read_pages(
    context: RunContext, captures: Sequence[Capture], wanted: Mapping[str | None, WantedPage]
) -> list[Article | Outcome]:
    """Return what each page says, in the order of the captures: an article, or the outcome that says why there is none.

    `wanted` says what led to the pages, and what they last were, by article id; bytes that were read before are not
    read again. A page that takes longer than the deadline, or kills its worker, is unparsable.
    """
    known = [wanted.get(article_id_of(capture.request.url)) for capture in captures]
    readings: dict[int, Article | Outcome] = {}
    with _readers(context.settings.run.processes) as pool, current().stage("read pages", len(captures)) as advance:
        futures = {
            number: pool.schedule(
                read_article,
                args=(
                    _unpacked_only(capture),
                    context.outlet_of[capture.request.outlet_id],
                    page.entry if page else None,
                ),
                timeout=context.settings.run.page_deadline_seconds,
            )
            for number, (capture, page) in enumerate(zip(captures, known, strict=True))
            if _is_readable(context, capture) and not _is_unchanged(capture, page)
        }
        for number, (capture, page) in enumerate(zip(captures, known, strict=True)):
            unread = Outcome.UNCHANGED if _is_unchanged(capture, page) else capture.response.outcome
            readings[number] = _result(futures[number]) if number in futures else unread
            advance()
    return [readings[number] for number in range(len(captures))]


@contextmanager
def keeping_readers() -> Iterator[None]:
    """Keep the workers, once they are started, for as long as the block runs."""
    with ExitStack() as kept:
        token = _KEPT.set((kept, []))
        try:
            yield
        finally:
            _KEPT.reset(token)


@contextmanager
def _readers(processes: int) -> Iterator[ProcessPool]:
    """Yield the workers that are kept, started where they are not yet; else workers for this block alone."""
    keeper = _KEPT.get()
    if keeper is None:
        with worker_pool(processes) as pool:
            yield pool
        return
    kept, pools = keeper
    if not pools:
        pools.append(kept.enter_context(worker_pool(processes)))
    yield pools[0]


def _unpacked_only(capture: Capture) -> Capture:
    """Return the capture as a worker needs it: the body as it came has no use there and is not sent."""
    return replace(capture, response=replace(capture.response, raw_payload=None))


def _is_readable(context: RunContext, capture: Capture) -> bool:
    """Say whether there is a page to read, of an outlet that is still in the catalogue."""
    return capture.response.outcome is Outcome.FETCHED and capture.request.outlet_id in context.outlet_of


def _is_unchanged(capture: Capture, page: WantedPage | None) -> bool:
    """Say whether an answer holds the very bytes that were read as an article before."""
    if page is None or page.payload_digest is None or capture.response.outcome is not Outcome.FETCHED:
        return False
    return digest(capture.response.payload) == page.payload_digest


def _result(future: object) -> Article | Outcome:
    """Return a reading, or `unparsable` for a page that was cut off."""
    try:
        result: Article | Outcome = future.result()  # type: ignore[attr-defined]
    except (FutureTimeout, ProcessExpired, MemoryError, RecursionError):
        return Outcome.UNPARSABLE
    return result


def worker_pool(processes: int) -> ProcessPool:
    """Return a pool of workers that are forked from a small server which has imported the extractor once."""
    forkserver = multiprocessing.get_context("forkserver")
    forkserver.set_forkserver_preload(["flows.warm"])
    return ProcessPool(max_workers=processes, context=forkserver)
