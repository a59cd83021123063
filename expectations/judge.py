"""The judge: a frame goes in, the rows that may come in come out, with a reason for every row that may not.

Great Expectations tests the rules; what follows from them is decided here. It stores nothing. Called by `flows` between
reading and storing. The library takes seconds to load and is loaded at the first call.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import pandas as pd

from expectations.rules import Rule, Suite
from expectations.suites import SUITES
from expectations.validate import failing_rows
from transforms.records import Rejection, Validation

# An outlet whose rows mostly fail has changed its template: what passes of it is not to be trusted either.
STOP_SHARE: Final = 0.5
STOP_MINIMUM_ROWS: Final = 5
STOPPED: Final = "batch"  # the reason given for rows that passed while their batch was stopped


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of a frame: the rows that may come in, why the others may not, each rule's result, stopped batches."""

    accepted: pd.DataFrame
    rejections: tuple[Rejection, ...]
    validations: tuple[Validation, ...]
    stopped: tuple[str, ...]


def judge(table: str, frame: pd.DataFrame, batch_column: str = "outlet_id") -> Judgement:
    """Judge a frame of `feed_entries`, `articles` or `event_reports`, all its batches (outlets) in one call.

    A KeyError means an unknown table, a ValueError a missing column or a rule that could not be tested.
    """
    suite = SUITES[table]
    if missing := [name for name in (*suite.required, batch_column) if name not in frame.columns]:
        raise ValueError(f"{table}: missing column {', '.join(missing)}")
    if frame.empty:  # the library fails some rules on nothing, and there is nothing to say
        return Judgement(frame, (), tuple(_validation(suite, rule, 0, 0) for rule in suite.rules), ())
    numbered = frame.reset_index(drop=True)
    prepared = suite.prepare(numbered)
    failures = failing_rows(suite, prepared)
    refused = {row for rule, rows in failures for row in rows if rule.severity == "critical"}
    stopped = _stopped(numbered[batch_column], refused)
    accepted = [
        position
        for position, batch in enumerate(numbered[batch_column])
        if position not in refused and batch not in stopped
    ]
    return Judgement(
        accepted=numbered.iloc[accepted].reset_index(drop=True),
        rejections=tuple(_rejections(suite, numbered, prepared, failures, batch_column, stopped)),
        validations=(
            *(_validation(suite, rule, len(numbered), len(rows)) for rule, rows in failures),
            *(_stop_validation(suite, batch, counts) for batch, counts in stopped.items()),
        ),
        stopped=tuple(stopped),
    )


def _stopped(batches: pd.Series, refused: set[int]) -> dict[str, tuple[int, int]]:
    """Return the batches to be stopped, each with its rows and its refused rows."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for position, batch in enumerate(batches):
        counts[str(batch)][0] += 1
        counts[str(batch)][1] += position in refused
    return {
        batch: (rows, failed)
        for batch, (rows, failed) in sorted(counts.items())
        if failed >= STOP_MINIMUM_ROWS and failed > rows * STOP_SHARE
    }


def _rejections(
    suite: Suite,
    frame: pd.DataFrame,
    prepared: pd.DataFrame,
    failures: Iterable[tuple[Rule, list[int]]],
    batch_column: str,
    stopped: Mapping[str, tuple[int, int]],
) -> list[Rejection]:
    """Return a rejection for each row and critical rule it fails, and for the rows that a stopped batch takes along."""
    found: list[Rejection] = []
    refused: set[int] = set()
    for rule, rows in failures:
        if rule.severity == "critical":
            refused.update(rows)
            values = prepared[rule.column]
            found += [_rejection(suite, frame, row, rule.name, rule.column, values.iloc[row]) for row in rows]
    for row, batch in enumerate(frame[batch_column]):
        if batch in stopped and row not in refused:
            found.append(_rejection(suite, frame, row, STOPPED, None, None))
    return found


def _rejection(
    suite: Suite, frame: pd.DataFrame, position: int, reason: str, column: str | None, value: Any
) -> Rejection:
    """Return why one row may not come in, with the row itself."""
    row = {str(name): _plain(cell) for name, cell in frame.iloc[position].items()}
    raw_value = _plain(value)
    return Rejection(
        table=suite.table,
        row_id=str(row[suite.row_id]),
        outlet_id=row.get("outlet_id"),
        capture_id=row.get("capture_id"),
        expectation=reason,
        column=column,
        raw_value=None if raw_value is None else str(raw_value),
        row_json=json.dumps(row, ensure_ascii=False, sort_keys=True),
    )


def _validation(suite: Suite, rule: Rule, checked: int, unexpected: int) -> Validation:
    """Return one rule's result on the whole frame."""
    return Validation(
        suite.table, "all", rule.name, rule.column, rule.severity, unexpected == 0, checked, unexpected, rule.reason
    )


def _stop_validation(suite: Suite, batch: str, counts: tuple[int, int]) -> Validation:
    """Return the record that a batch was stopped."""
    rows, failed = counts
    detail = f"{failed} of {rows} rows were refused, so all were: the outlet has probably changed its form"
    return Validation(suite.table, batch, STOPPED, None, "critical", False, rows, failed, detail)


def _plain(value: Any) -> Any:
    """Return a cell as JSON knows it; times in ISO 8601, what is missing as None."""
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if value is None or value is pd.NaT or value is pd.NA or value != value:  # NaN differs from itself
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value
