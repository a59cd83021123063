"""`monitor rebuild`: the warehouse made again from captures, catalogue, codebook, settings and the ledger of steps.

It takes the steps that the nights took, each for its night, at its moment and in its batches, so that equal tables and
exports come out. It reaches no outlet, needs no Prefect, and puts the new file in place only after the audit. Why it
goes by a ledger: `docs/decisions/0007-rebuild-goes-by-a-ledger.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby, takewhile
from pathlib import Path
from typing import Any

from flows.context import RunContext, noted_run, opened_warehouse
from flows.disk import require_room
from flows.home import Home, RunFailed
from flows.ledger import Step, steps_taken
from flows.linking import link_events
from flows.loading import PendingBatch, load_batch, pending_batches
from flows.progress import current
from flows.published import moves_published, published_ids
from flows.publishing import audit, publish
from flows.retention import read_removals
from flows.settings import Settings
from flows.weekly import store_week
from sources.captures import read_captures, warc_files
from transforms.records import Capture
from warehouse.read import unresolved_ids
from warehouse.removals import store_removals
from warehouse.store import restore_id_log


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps to take, and the WARC files that some of them took but that are gone."""

    steps: tuple[Step, ...]
    missing: tuple[str, ...]


def rebuild(settings: Settings, to: Path | None = None, *, accept_loss: bool = False) -> dict[str, Any]:
    """Make the warehouse again, in `to` or in the place of the old one, and return what was done.

    Raises Busy when another process writes; RunFailed when there is no room, when the audit finds violations, or when
    captures are gone whose rows the old warehouse still holds, unless `accept_loss`.
    """
    home = Home(settings.home)
    home.make()
    target = home.warehouse if to is None else to / home.warehouse.name
    unfinished = target.with_name(f".{target.name}.rebuilding")
    with noted_run("rebuild", settings, f"{_now().astimezone(settings.zone):%Y-%m-%d}") as (record, counts):
        require_room(home, settings.housekeeping.min_free_bytes, copies=2)
        plan = plan_of(home, settings)
        _refuse_loss(plan, target, accept_loss=accept_loss)
        remove_database(unfinished)
        with opened_warehouse(record, settings, unfinished, _now, counts) as context:
            _take_steps(context, plan.steps)
            audit(context)
            if to is None:
                publish(context)
        _put_in_place(unfinished, target, is_lossy=bool(plan.missing))
        counts |= {"steps": len(plan.steps), "captures_missing": len(plan.missing)}
        return {"warehouse": str(target), **counts}


def plan_of(home: Home, settings: Settings) -> Plan:
    """Return the steps of the ledger, with those for captures that it does not name put in at their time."""
    present = warc_files(home.captures)
    noted = steps_taken(home.ledger)
    named = {name for step in noted for name in step.spans}
    unnamed = list(_unnamed_days(home, settings, [name for name in present if name not in named]))
    steps = []
    for step in noted:
        while unnamed and unnamed[0].at <= step.at:
            steps.append(unnamed.pop(0))
        steps.append(_without(step, named.difference(present)))
    return Plan((*steps, *unnamed), tuple(sorted(named.difference(present))))


def _unnamed_days(home: Home, settings: Settings, names: Sequence[str]) -> Iterator[Step]:
    """Yield a step for each day of captures that no line of the ledger names: for the night of its last capture."""
    for _, files in groupby(names, key=lambda name: name.partition("/")[0]):
        spans = {name: (0, (home.captures / name).stat().st_size) for name in files}
        moments = [capture.fetched_at for name in spans for capture in read_captures(home.captures, name)]
        if moments:
            yield Step("day", f"{max(moments).astimezone(settings.zone):%Y-%m-%d}", max(moments), spans)


def _without(step: Step, missing: set[str]) -> Step:
    """Return a step without the files that are gone."""
    return replace(step, spans={name: span for name, span in step.spans.items() if name not in missing})


def _refuse_loss(plan: Plan, target: Path, *, accept_loss: bool) -> None:
    """Raise RunFailed when the warehouse to be replaced holds rows that can no longer be made."""
    if plan.missing and target.exists() and not accept_loss:
        days = sorted({name.partition("/")[0] for name in plan.missing})
        raise RunFailed(
            f"the captures of {len(days)} days are gone ({days[0]} to {days[-1]}): a rebuild would lose what the "
            "warehouse still knows of them. Look at it with --to FOLDER, or put it in place with --accept-loss."
        )


def _take_steps(context: RunContext, steps: Sequence[Step]) -> None:
    """Take every step as it was taken, then tell again what retention has removed."""
    with current().stage("rebuild", len(steps)) as advance:
        for step in steps:
            _TAKE[step.kind](context.stopped_at(step.at, step.night), step)
            advance()
    store_removals(context.warehouse, read_removals(context.home.removals))
    _settle_ids(context)


def _settle_ids(context: RunContext) -> None:
    """Log what was logged of published ids; where one is lost (another coder has read the texts), link once more.

    Each step has seen only what was published before it; this sees all of it.
    """
    ledger = context.home.published_ids
    restore_id_log(context.warehouse, moves_published(ledger))
    if unresolved_ids(context.warehouse, published_ids(ledger)):
        link_events(context)


def _load(context: RunContext, step: Step) -> None:
    """Load the batch of a step; first, what lies before it and was never noted."""
    _load_until(context, {name: start for name, (start, _) in step.spans.items()})
    captures = tuple(capture for name in step.spans for capture in _captures_of(context, name, step.spans[name]))
    if captures:
        load_batch(context, PendingBatch(step.kind, captures, step.spans))


def _captures_of(context: RunContext, name: str, span: tuple[int, int]) -> Iterator[Capture]:
    """Yield the captures of a part of a file."""
    start, end = span
    captures = read_captures(context.home.captures, name, start)
    return takewhile(lambda capture: capture.warc_offset_bytes < end, captures)


def _load_day(context: RunContext, step: Step) -> None:
    """Load a day of which the ledger says nothing, and link its events."""
    _load_until(context, {name: end for name, (_, end) in step.spans.items()})
    link_events(context)


def _load_until(context: RunContext, until: dict[str, int]) -> None:
    """Load what is pending before these offsets."""
    for batch in pending_batches(context, until):
        load_batch(context, batch)


_TAKE: dict[str, Callable[[RunContext, Step], None]] = {
    "feeds": _load,
    "filling": _load,
    "pages": _load,
    "link": lambda context, _: link_events(context),
    "week": lambda context, _: store_week(context),
    "day": _load_day,
}


def _put_in_place(new: Path, target: Path, *, is_lossy: bool) -> None:
    """Exchange the new file, which has passed the audit, for the old one, which is kept only where more was known.

    A write-ahead log goes with its file: beside the new one it would be taken for its own.
    """
    old = target.with_name(f"{target.name}.before-rebuild")
    if target.exists():
        remove_database(old)
        target.rename(old)
    if _log_of(target).exists():
        _log_of(target).replace(_log_of(old))
    new.rename(target)
    if not is_lossy:
        remove_database(old)


def remove_database(file: Path) -> None:
    """Remove a DuckDB file with its write-ahead log, where there are any."""
    for path in (file, _log_of(file)):
        path.unlink(missing_ok=True)


def _log_of(file: Path) -> Path:
    """Return the write-ahead log of a DuckDB file."""
    return file.with_name(f"{file.name}.wal")


def _now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)
