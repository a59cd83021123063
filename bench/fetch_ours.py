"""Our own path from addresses to articles, as a night walks it: polite client, captures on disk, pool of page readers.

    python -m bench.fetch_ours FOLDER PORT HOME --processes 2

What a night does beside that (judging, coding, storing) is left out, since the peers do nothing like it. Robots.txt is
asked for; the spacing between two requests to a host is 0. Prints one line of JSON.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bench.fetch_pages import Page, read_pages_index
from bench.fetch_server import address_of
from codebook.load import load_codebook
from flows.context import RunContext
from flows.fetching import Group, fetch_group, groups_of
from flows.home import Home
from flows.loading import pending_batches
from flows.reading import keeping_readers, read_pages
from flows.settings import FetchSettings, RunSettings, Settings
from transforms.records import Article, CaptureKind, Outlet, Request
from warehouse.open import open_warehouse


def main(folder: Path, port: int, home: Path, processes: Annotated[int, typer.Option()] = 2) -> None:
    """Fetch and read every page of the index."""
    pages = read_pages_index(folder)
    context = _context(home, processes, sorted({page.outlet for page in pages}))
    started = time.perf_counter()
    _fetch(context, pages, port)
    fetched = time.perf_counter()
    articles = _read(context)
    ended = time.perf_counter()
    result = {
        "articles": len(articles),
        "characters": sum(articles),
        "seconds": ended - started,
        "fetch_seconds": fetched - started,
        "read_seconds": ended - fetched,
    }
    print(json.dumps(result))


def _context(home: Path, processes: int, numbers: Sequence[int]) -> RunContext:
    """Return a run's belongings for outlets that nobody has heard of."""
    settings = Settings(
        home=home,
        fetch=FetchSettings(host_spacing_seconds=0, allow_private_addresses=True),
        run=RunSettings(processes=processes),
    )
    place = Home(home)
    place.make()
    outlets = tuple(_outlet(number) for number in numbers)
    codebook, warehouse = load_codebook(), open_warehouse(place.warehouse)
    return RunContext(
        flow="bench",
        night="2025-09-16",
        settings=settings,
        home=place,
        outlets=outlets,
        codebook=codebook,
        warehouse=warehouse,
        clock=lambda: datetime.now(UTC),
    )


def _outlet(number: int) -> Outlet:
    """Return the outlet of a number."""
    name = f"outlet-{number:03}"
    return Outlet(name, name, None, "KZ", ("ru",), "online", None, None, None, "Asia/Almaty", None, ())


def _fetch(context: RunContext, pages: Sequence[Page], port: int) -> None:
    """Fetch all pages in groups of outlets, side by side as in a night; each outlet's robots.txt comes first."""
    requests = [_request(page, port) for page in pages]

    def fetch(group: Group) -> None:
        members = {outlet.outlet_id for outlet in group.outlets}
        fetch_group(context, group, [request for request in requests if request.outlet_id in members], "pages")

    groups = groups_of(context.outlets, context.settings.run.outlets_per_task)
    with ThreadPoolExecutor(len(groups)) as threads:
        list(threads.map(fetch, groups))


def _request(page: Page, port: int) -> Request:
    """Return the request for a page."""
    return Request(CaptureKind.PAGE, f"outlet-{page.outlet:03}", f"http://{address_of(page.outlet)}:{port}{page.path}")


def _read(context: RunContext) -> list[int]:
    """Read every captured page and return how long the articles' texts are."""
    lengths: list[int] = []
    with keeping_readers():
        for batch in pending_batches(context):
            pages = [capture for capture in batch.captures if capture.request.kind is CaptureKind.PAGE]
            readings = read_pages(context, pages, {}) if pages else []
            lengths += [reading.text_length_characters for reading in readings if isinstance(reading, Article)]
    return lengths


if __name__ == "__main__":
    typer.run(main)
