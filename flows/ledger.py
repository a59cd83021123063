"""The ledger: a line for each step by which captures became tables, so that a rebuild can take the same steps again.

Captures alone do not say for which night they were loaded, at which moment and in which batches; a table can differ by
each of these. The line is written before the step's transaction. So a line whose transaction never came is followed by
one that takes the same bytes again, which is how `steps_taken` knows it. Why so: decision 7 in `docs/decisions/`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from flows.context import RunContext
from flows.json_lines import append_line, read_lines

# "day" stands in no line: it is what a rebuild makes of captures that no line names
StepKind = Literal["feeds", "filling", "pages", "link", "week", "day"]
Span = tuple[int, int]  # from the first attempt's offset to the offset behind the last one
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what was done for which night (or week) at which moment, and with which part of which WARC files."""

    kind: StepKind
    night: str
    at: datetime
    spans: Mapping[str, Span] = field(default_factory=dict)


def noted(
    context: RunContext,
    kind: StepKind,
    work: Callable[[RunContext], Result],
    spans: Mapping[str, Span] | None = None,
) -> Result:
    """Write a step into the ledger, then take it with the clock stopped at the moment that was written."""
    step = Step(kind, context.night, context.clock(), spans or {})
    append_line(
        context.home.ledger,
        {"step": step.kind, "night": step.night, "at": step.at.isoformat(), "spans": dict(step.spans)},
    )
    return work(context.stopped_at(step.at))


def steps_taken(ledger: Path) -> list[Step]:
    """Return the steps that came to their end, in order."""
    steps = [_step_of(line) for line in read_lines(ledger)]
    taken_later: dict[str, int] = {}
    kept = []
    for step in reversed(steps):
        if all(end <= taken_later.get(name, end) for name, (_, end) in step.spans.items()):
            kept.append(step)
            taken_later |= {name: start for name, (start, _) in step.spans.items()}
    return kept[::-1]


def _step_of(line: Mapping[str, Any]) -> Step:
    """Return the step that a line describes."""
    spans = {name: (start, end) for name, (start, end) in line["spans"].items()}
    return Step(line["step"], line["night"], datetime.fromisoformat(line["at"]), spans)
