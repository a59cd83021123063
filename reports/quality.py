"""The quality page of a night: what was expected of the rows that came in, and what was not let in, with the reason.

The library that tests the expectations has pages of its own; they load scripts from elsewhere, so this one stands in
their place. It reads no clock and no database. Called at the end of a night by `flows`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from reports import words
from reports.clean import anchor
from reports.environment import html_environment
from transforms.records import Rejection, Validation

Record = TypeVar("Record", Validation, Rejection)

SHOWN_REJECTIONS: Final = 200  # of a table; the warehouse has all of them
STOPPED: Final = "batch"  # the expectation under which the judge records that an outlet was stopped


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation on one table over the whole night; `rejections` says whether rows were rejected by it."""

    batch: str
    expectation: str
    column: str | None
    severity: str
    is_success: bool
    checked_count: int
    unexpected_count: int
    detail: str | None
    rejections: bool


@dataclass(frozen=True, slots=True)
class Table:
    """What was expected of one table and what was not let in."""

    name: str
    place: str
    checked: int
    checks: tuple[Check, ...]
    rejections: tuple[Rejection, ...]
    rejected_rows: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Repairs:
    """Edits that are proposed for the catalogue: the diff, a reason for each, and what only a person can settle."""

    diff: str = ""
    reasons: Sequence[str] = ()
    by_hand: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Quality:
    """Everything that the page shows."""

    tables: tuple[Table, ...]
    stopped: tuple[Validation, ...]
    rejected_rows: int
    warned: int

    @property
    def is_clear(self) -> bool:
        """Return whether every row that came in was let in."""
        return bool(self.tables) and not self.rejected_rows and not self.stopped

    @property
    def headline(self) -> str:
        """Return the night in one sentence."""
        if not self.tables:
            return "Nothing was judged this night"
        checked = f"{words.counted(sum(table.checked for table in self.tables), 'row')} checked"
        parts = [checked, f"{words.number(self.rejected_rows) if self.rejected_rows else 'none'} rejected"]
        if self.stopped:
            parts.append(words.counted(len({stop.batch for stop in self.stopped}), "outlet") + " stopped")
        if self.warned:
            parts.append(words.counted(self.warned, "expectation warns", "expectations warn"))
        return ", ".join(parts)


def render_quality(
    night: str, validations: Sequence[Validation], rejections: Sequence[Rejection], repairs: Repairs = Repairs()
) -> str:
    """Return the quality page of a night (2026-11-21) as one self-contained HTML page."""
    template = html_environment().get_template("quality.html.j2")
    return template.render(night=night, quality=_quality(validations, rejections), repairs=repairs)


def _quality(validations: Sequence[Validation], rejections: Sequence[Rejection]) -> Quality:
    """Return what the page shows, tables in alphabetical order."""
    stopped = tuple(one for one in validations if one.expectation == STOPPED and not one.is_success)
    names = sorted({one.table for one in validations} | {one.table for one in rejections})
    tables = tuple(_table(name, _of(name, validations), _of(name, rejections)) for name in names)
    warned = sum(check.severity == "warning" and not check.is_success for table in tables for check in table.checks)
    return Quality(tables, stopped, sum(table.rejected_rows for table in tables), warned)


def _of(table: str, records: Sequence[Record]) -> list[Record]:
    """Return the records of one table."""
    return [one for one in records if one.table == table]


def _table(name: str, validations: Sequence[Validation], rejections: Sequence[Rejection]) -> Table:
    """Return one table; a night that loads in several batches judges it several times, and their counts are added."""
    reasons = {(one.expectation, one.column) for one in rejections}
    groups: dict[tuple[str, str, str | None], list[Validation]] = defaultdict(list)
    for one in validations:
        if one.expectation != STOPPED:
            groups[one.batch, one.expectation, one.column].append(one)
    checks = tuple(_check(group, (group[0].expectation, group[0].column) in reasons) for group in groups.values())
    ordered = sorted(checks, key=lambda check: (check.is_success, check.severity != "critical", check.expectation))
    return Table(
        name=name,
        place=anchor("table", name),
        checked=_rows_checked(checks),
        checks=tuple(ordered),
        rejections=tuple(rejections[:SHOWN_REJECTIONS]),
        rejected_rows=len({(one.outlet_id, one.row_id, one.capture_id) for one in rejections}),
        hidden=max(0, len(rejections) - SHOWN_REJECTIONS),
    )


def _check(group: Sequence[Validation], has_rejections: bool) -> Check:
    """Return one expectation with the counts of all its results."""
    first = group[0]
    return Check(
        batch=first.batch,
        expectation=first.expectation,
        column=first.column,
        severity=first.severity,
        is_success=all(one.is_success for one in group),
        checked_count=sum(one.checked_count for one in group),
        unexpected_count=sum(one.unexpected_count for one in group),
        detail=first.detail,
        rejections=has_rejections,
    )


def _rows_checked(checks: Sequence[Check]) -> int:
    """Return how many rows were judged: each expectation sees all the rows of its batch."""
    most: dict[str, int] = defaultdict(int)
    for check in checks:
        most[check.batch] = max(most[check.batch], check.checked_count)
    return most["all"] if "all" in most else sum(most.values())
