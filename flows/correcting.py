"""The ledger of corrections: what people decided, appended and never changed, and put into the events at each linking.

It lies beside the captures' ledger, so that a rebuild knows what was decided; each linking sees what was imported up to
its own moment, in the night as in a rebuild. Called by `linking` and `review`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flows.context import RunContext
from flows.json_lines import append_line, read_lines
from transforms.corrections import correct_events
from transforms.published_ids import Kept, Move
from transforms.records import Correction
from warehouse import read, store

_REJECTED = "a person has rejected it"


def corrected(context: RunContext, kept: Kept) -> Kept:
    """Return the events with what people had decided of them up to the run's moment, and store the decisions."""
    corrections = corrections_until(context.home.corrections, context.clock())
    if not corrections:
        return kept
    store.store_corrections(context.warehouse, corrections)
    result = correct_events(kept.linked, corrections, context.codebook, _became(context, kept))
    if result.unmatched:
        context.counts["corrections_without_event"] = len(result.unmatched)
    rejected = [one.event.event_id for one in result.linked.rejected]
    moves = (*kept.moves, *(Move(event_id, None, "withdrawn", _REJECTED) for event_id in rejected))
    return replace(kept, linked=result.linked, moves=moves)


def corrections_until(ledger: Path, moment: datetime) -> list[Correction]:
    """Return what was imported up to a moment, in the order of import, each decision once."""
    found = (_correction(line) for line in read_lines(ledger))
    known: dict[str, Correction] = {}
    for one in found:
        if one.imported_at <= moment:
            known.setdefault(one.correction_id, one)
    return list(known.values())


def append_corrections(ledger: Path, corrections: Iterable[Correction]) -> None:
    """Append decisions to the ledger; each is on the disk when this returns."""
    for one in corrections:
        append_line(ledger, asdict(one))


def _correction(line: Mapping[str, Any]) -> Correction:
    """Return the decision of one line."""
    return Correction(
        **{
            **line,
            "decided_date": date.fromisoformat(line["decided_date"]),
            "imported_at": datetime.fromisoformat(line["imported_at"]),
        }
    )


def _became(context: RunContext, kept: Kept) -> dict[str, str]:
    """Return which id took the place of an id that was given up: by the log, and by what this linking has found."""
    rows = read.table(context.warehouse, "ops.id_log").to_dict("records")
    logged = {row["old_event_id"]: row["new_event_id"] for row in rows if row["kind"] == "merge"}
    now = {move.old_event_id: move.new_event_id for move in kept.moves if move.kind == "merge" and move.new_event_id}
    return {**logged, **dict(kept.linked.resolved), **now}
