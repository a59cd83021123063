"""What a run works with: settings, outlets, codebook, the open warehouse, the clock; opened once, passed down.

A run holds the writer's lock from its first to its last act, and is in the journal from start to end however it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from codebook.load import Codebook, load_codebook
from flows import journal
from flows.home import Home, hold_lock
from flows.settings import Settings
from sources.catalogue import load_catalogue
from sources.client import FetchOptions, Transport
from transforms.records import Feed, Outlet
from warehouse import store
from warehouse.open import Connection, open_warehouse


@dataclass(frozen=True)
class RunContext:
    """One run's belongings."""

    flow: str
    night: str  # local date for which the run works, as 2026-11-22; the ISO week for a weekly run
    settings: Settings
    home: Home
    outlets: tuple[Outlet, ...]
    codebook: Codebook
    warehouse: Connection
    clock: Callable[[], datetime]
    counts: dict[str, int] = field(default_factory=dict)

    @cached_property
    def outlet_of(self) -> dict[str, Outlet]:
        """Outlets by id."""
        return {outlet.outlet_id: outlet for outlet in self.outlets}

    @cached_property
    def feed_of(self) -> dict[str, Feed]:
        """Feeds by id."""
        return {feed.feed_id: feed for outlet in self.outlets for feed in outlet.feeds}

    @property
    def fetch_options(self) -> FetchOptions:
        """The settings of the fetch section, as the sources take them; a recording needs no pauses."""
        options = self.settings.fetch.model_dump()
        return FetchOptions(**options | ({"host_spacing_seconds": 0.0} if self.settings.recording else {}))

    def transport(self) -> Transport:
        """Return the way to the outlets: the recording where one is set, else the network."""
        if self.settings.recording is not None:
            from sources.replay import ReplayTransport

            return ReplayTransport(self.settings.recording, self.clock, self.fetch_options)
        from sources.network import NetworkTransport

        return NetworkTransport(self.fetch_options)

    def count(self, name: str, number: int = 1) -> None:
        """Add to one of the run's counts."""
        self.counts[name] = self.counts.get(name, 0) + number


@contextmanager
def open_run(
    flow: str, settings: Settings, at: datetime | None = None, night: str | None = None
) -> Iterator[RunContext]:
    """Open everything a run needs, under the writer's lock, and close it again; note start and end in the journal.

    `at` stops the clock at a moment (with a recording); `night` defaults to the local date of the clock.
    Raises Busy when another process writes.
    """
    home = Home(settings.home)
    home.make()
    clock: Callable[[], datetime] = (lambda: at) if at is not None else _now
    name = night or f"{clock().astimezone(settings.zone):%Y-%m-%d}"
    with hold_lock(home.writer_lock, f"monitor {flow}", settings.run.lock_wait_seconds):
        record = journal.note_start(home.journal, flow, name)
        try:
            with _opened(record, settings, home, clock) as context:
                yield context
        except BaseException as error:
            journal.note_end(home.journal, record, "failed", {"error": f"{type(error).__name__}: {error}"})
            raise
        journal.note_end(home.journal, record, _state(context), context.counts)


@contextmanager
def _opened(
    record: journal.RunRecord, settings: Settings, home: Home, clock: Callable[[], datetime]
) -> Iterator[RunContext]:
    """Open the warehouse with its run noted in it, and close it in the end."""
    context = _build(record, settings, home, clock)
    try:
        store.start_run(context.warehouse, record.run_id, record.flow, record.night, record.started_at)
        yield context
        store.end_run(context.warehouse, record.run_id, _now(), _state(context), context.counts)
    finally:
        context.warehouse.close()


def _state(context: RunContext) -> journal.RunState:
    """Return how a run that came to its end has ended."""
    return "done_with_rejects" if context.counts.get("rejects") else "done"


def _build(record: journal.RunRecord, settings: Settings, home: Home, clock: Callable[[], datetime]) -> RunContext:
    """Read the catalogue and the codebook, open the warehouse, and store in it what they say now."""
    outlets = load_catalogue(settings.catalogue)
    codebook = load_codebook(
        extra_organisations=settings.codebook.extra_organisations, extra_series=settings.codebook.extra_series
    )
    warehouse = open_warehouse(home.warehouse)
    store.store_catalogue(warehouse, outlets)
    store.store_organisations(warehouse, codebook.organisations)
    return RunContext(record.flow, record.night, settings, home, outlets, codebook, warehouse, clock)


def _now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)
