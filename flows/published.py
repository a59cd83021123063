"""The ledger of published ids: what each event id that ever left the house stood for when it did.

A line is written before the publication it tells of; so an id may stand in it that nobody saw, but none that was seen
is missing. Only events that are new, or identified by something else than before, are written again. Linking reads
what was published before its own moment, in the night as in a rebuild. Why so: decision 8 in `docs/decisions/`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.context import RunContext
from flows.json_lines import append_line, read_lines
from transforms.published_ids import PublishedEvent
from transforms.records import GROUP_OF_TYPE, Organisation
from transforms.same_event import name_key
from warehouse import read


def note_published(context: RunContext) -> None:
    """Write the ids about to be published, and what became of earlier ones, as far as the ledger lacks them."""
    ledger = context.home.published_ids
    known = {line["event_id"]: line for _, line in _lines(ledger, "events")}
    logged = {_key(line) for _, line in _lines(ledger, "moves")}
    now = [_identified(row) for row in read.identified_events(context.warehouse)]
    events = [line for line in now if known.get(line["event_id"]) != line]
    rows = read.table(context.warehouse, "ops.id_log").to_dict("records")
    moves = [move for row in rows if _key(move := _move(row)) not in logged]
    if events or moves:
        head = {"at": context.clock().isoformat(), "by": f"{context.flow} {context.night}"}
        append_line(ledger, {**head, "events": events, "moves": moves})


def published_before(ledger: Path, moment: datetime) -> list[PublishedEvent]:
    """Return what was published before a moment, each id as it was last published, the oldest id first."""
    latest = {line["event_id"]: line for at, line in _lines(ledger, "events") if at < moment}
    return [
        PublishedEvent(line["event_id"], line["group"], dict(line["reports"]), frozenset(line["parties"]))
        for line in latest.values()
    ]


def published_ids(ledger: Path) -> list[str]:
    """Return every id that was ever published, the oldest first."""
    return list(dict.fromkeys(line["event_id"] for _, line in _lines(ledger, "events")))


def moves_published(ledger: Path) -> list[dict[str, Any]]:
    """Return what became of published ids, as rows of ops.id_log."""
    return [{**line, "logged_at": datetime.fromisoformat(line["logged_at"])} for _, line in _lines(ledger, "moves")]


def _lines(ledger: Path, part: str) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Yield the events, or the moves, of all publications with their times."""
    for line in read_lines(ledger):
        at = datetime.fromisoformat(line["at"])
        yield from ((at, one) for one in line[part])


def _identified(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event as the ledger has it."""
    first = row["reports"][0]
    return {
        "event_id": row["event_id"],
        "group": GROUP_OF_TYPE[first["type"]],  # as coded: reports are matched by it, whatever people have corrected
        "earliest": {
            "published_at": first["published_at"].isoformat(),
            "address": first["address"],
            "ordinal": first["ordinal"],
        },
        "reports": [[one["report_id"], one["address"]] for one in row["reports"]],
        "parties": sorted({name_key(Organisation(one["id"], one["name"], "party", None)) for one in row["parties"]}),
    }


def _move(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row of ops.id_log as the ledger has it."""
    new = row["new_event_id"]
    return {
        "old_event_id": row["old_event_id"],
        "new_event_id": new if isinstance(new, str) else None,
        "kind": row["kind"],
        "reason": row["reason"],
        "logged_at": row["logged_at"].isoformat(),
    }


def _key(move: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what makes a move one of its kind."""
    return move["old_event_id"], move["new_event_id"], move["kind"]
