"""What a run works with: settings, outlets, codebook, the open warehouse, the clock; opened once, passed down.

A run holds the writer's lock from its first to its last act, and is in the journal from start to end however it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from codebook.load import Codebook, load_codebook
from flows import journal
from flows.disk import require_room
from flows.home import Home, RunFailed, hold_lock
from flows.reaching import fetch_options, transport_for
from flows.settings import Settings
from sources.catalogue import load_catalogue
from sources.client import FetchOptions, Transport
from sources.turns import HostTurns
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

    @cached_property
    def turns(self) -> HostTurns:
        """Whose turn it is at each host: groups that are asked side by side may share one."""
        return HostTurns(self.clock)

    @property
    def fetch_options(self) -> FetchOptions:
        """How outlets are asked."""
        return fetch_options(self.settings)

    def transport(self) -> Transport:
        """Return the way to the outlets: the recording where one is set, else the network."""
        return transport_for(self.settings, self.clock)

    def stopped_at(self, moment: datetime, night: str | None = None) -> RunContext:
        """Return this run with its clock stopped at a moment (and, in a rebuild, working for that night)."""
        return replace(self, clock=lambda: moment, night=night or self.night)

    def count(self, name: str, number: int = 1) -> None:
        """Add to one of the run's counts."""
        self.counts[name] = self.counts.get(name, 0) + number


@contextmanager
def open_run(
    flow: str, settings: Settings, at: datetime | None = None, night: str | None = None, *, needs_room: bool = False
) -> Iterator[RunContext]:
    """Open everything a run needs, under the writer's lock, and close it again; note start and end in the journal.

    `at` stops the clock at a moment (with a recording); `night` defaults to the local date of the clock. `needs_room`:
    the run does not begin on a full disk. Raises Busy when another process writes, RunFailed when there is no room or
    when the warehouse is gone although its captures are here.
    """
    home = Home(settings.home)
    home.make()
    clock: Callable[[], datetime] = (lambda: at) if at is not None else _now
    name = night or f"{clock().astimezone(settings.zone):%Y-%m-%d}"
    with noted_run(flow, settings, name) as (record, counts):
        if needs_room:
            require_room(home, settings.housekeeping.min_free_bytes)
        _refuse_to_forget(home)
        with opened_warehouse(record, settings, home.warehouse, clock, counts) as context:
            yield context


@contextmanager
def noted_run(flow: str, settings: Settings, name: str) -> Iterator[tuple[journal.RunRecord, dict[str, int]]]:
    """Hold the writer's lock while the block runs, and note in the journal how it began and ended.

    Yields the run's record and its counts, which the block fills.
    """
    home = Home(settings.home)
    counts: dict[str, int] = {}
    with hold_lock(home.writer_lock, f"monitor {flow}", settings.run.lock_wait_seconds):
        record = journal.note_start(home.journal, flow, name)
        try:
            yield record, counts
        except BaseException as error:
            summary = {"error": f"{type(error).__name__}: {error}", **counts}
            journal.note_end(home.journal, record, "failed", summary)
            raise
        journal.note_end(home.journal, record, _state(counts), counts)


@contextmanager
def opened_warehouse(
    record: journal.RunRecord, settings: Settings, file: Path, clock: Callable[[], datetime], counts: dict[str, int]
) -> Iterator[RunContext]:
    """Open a warehouse file with its run noted in it, and close it in the end."""
    context = _build(record, settings, file, clock, counts)
    try:
        store.start_run(context.warehouse, record.run_id, record.flow, record.night, record.started_at)
        yield context
        store.end_run(context.warehouse, record.run_id, _now(), _state(counts), counts)
    except BaseException as error:
        with suppress(Exception):  # what went wrong may be the warehouse itself; the journal has it anyway
            store.end_run(context.warehouse, record.run_id, _now(), "failed", {"error": str(error), **counts})
        raise
    finally:
        context.warehouse.close()


def _refuse_to_forget(home: Home) -> None:
    """Raise RunFailed when the working file is gone: a new one would take all captures for tonight's."""
    if home.ledger.exists() and not home.warehouse.exists():
        raise RunFailed(
            f"{home.warehouse} is missing, but its captures are here: run `monitor rebuild` to make it again"
        )


def _state(counts: Mapping[str, int]) -> journal.RunState:
    """Return how a run that came to its end has ended."""
    return "done_with_rejects" if counts.get("rejects") else "done"


def _build(
    record: journal.RunRecord, settings: Settings, file: Path, clock: Callable[[], datetime], counts: dict[str, int]
) -> RunContext:
    """Read the catalogue and the codebook, open the warehouse, and store in it what they say now."""
    outlets = load_catalogue(settings.catalogue)
    codebook = load_codebook(
        extra_organisations=settings.codebook.extra_organisations, extra_series=settings.codebook.extra_series
    )
    warehouse = open_warehouse(file)
    store.store_catalogue(warehouse, outlets)
    store.store_organisations(warehouse, codebook.organisations)
    home = Home(settings.home)
    return RunContext(record.flow, record.night, settings, home, outlets, codebook, warehouse, clock, counts)


def _now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)
