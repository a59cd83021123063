"""The tables of the weekly report: the stored counts in the order and shape in which people read them.

Pure. Called by `page`; every number it makes leads to the events behind it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from reports import words
from reports.figures import Number, Numbering
from transforms.records import REGION, Count, WeekView

MATRIX_COUNTRIES: Final = 12  # more columns than this are not legible on a page; the list of pairs has them all
SHADES: Final = 4
ALL: Final = "all"  # the key of a total


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table of counts; `mean` is that of the four weeks before, None where there were none."""

    name: str
    events: Number
    reports: Number
    mean: float | None

    @property
    def difference(self) -> str:
        """Return this week against the mean, with its sign; nothing where there is no mean."""
        if self.mean is None:
            return ""
        change = round(self.events.value - self.mean, 1)
        return "as before" if change == 0 else f"{'+' if change > 0 else '−'}{words.number(abs(change))}"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with numbers in both directions; a cell is None where nothing was counted."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Number | None, ...]], ...]

    @property
    def largest(self) -> int:
        """Return the largest number of the grid, for shading."""
        return max((cell.value for _, cells in self.rows for cell in cells if cell), default=1)

    def shade(self, cell: Number) -> int:
        """Return how dark a cell is to be, from 1 to 4."""
        return -(-cell.value * SHADES // max(self.largest, SHADES))


def rows_of(
    view: WeekView, numbering: Numbering, table: str, name: Callable[[tuple[str, ...]], str]
) -> tuple[Row, ...]:
    """Return the rows of one weekly table under the names that `name` gives to their keys."""
    return tuple(_row(count, numbering, table, name(count.keys)) for count in view.counts.get(table, ()))


def _row(count: Count, numbering: Numbering, table: str, name: str) -> Row:
    """Return one row of a weekly table."""
    events = numbering.count(count.event_count, name, (table, *count.keys), count.event_ids)
    reports = numbering.count(count.report_count, name, (table, *count.keys), count.event_ids)
    return Row(name, events, reports, count.mean_event_count_4w)


def pair_name(keys: tuple[str, ...]) -> str:
    """Return the name of a pair of countries, the region's own first."""
    return " – ".join(words.countries(keys))


def country_matrix(view: WeekView, numbering: Numbering) -> Grid | None:
    """Return who was with whom as the lower half of a matrix; None for fewer than three pairs."""
    pairs = {tuple(sorted(count.keys)): count for count in view.counts.get("weekly_country_pairs", ())}
    if len(pairs) < 3:
        return None
    codes = _matrix_countries(list(pairs.values()))

    def cell(one: str, other: str) -> Number | None:
        count = pairs.get(tuple(sorted((one, other))))
        return _row(count, numbering, "weekly_country_pairs", pair_name(count.keys)).events if count else None

    rows = (
        (words.country(code), tuple(cell(code, other) for other in codes[:position]))
        for position, code in enumerate(codes[1:], start=1)
    )
    return Grid(tuple(codes[:-1]), tuple(rows))


def _matrix_countries(pairs: Sequence[Count]) -> list[str]:
    """Return the countries with the most events, those of the region first."""
    weight: Counter[str] = Counter()
    for pair in pairs:
        for code in pair.keys:
            weight[code] += pair.event_count
    most = sorted(weight, key=lambda code: (-weight[code], code))[:MATRIX_COUNTRIES]
    return sorted(most, key=lambda code: (code not in REGION, -weight[code], code))


def kinds_by_stage(view: WeekView, numbering: Numbering) -> Grid:
    """Return how many events there were of each kind at each stage that occurred, with totals."""
    totals: Counter[tuple[str, str]] = Counter()
    behind: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (kind, stage), value in view.types_by_status.items():
        for key in _with_totals(kind, stage):
            totals[key] += value
    for card in view.cards:
        for key in _with_totals(card.type, card.status):
            behind[key].append(card.event_id)
    kinds = _in_order({kind for kind, _ in totals}, tuple(words.KINDS))
    stages = _in_order({stage for _, stage in totals}, words.STAGES)

    def cell(kind: str, stage: str) -> Number | None:
        key = (kind, stage)
        number = numbering.count(totals[key], _cross_name(kind, stage), ("cross", kind, stage), behind[key])
        return number if number.value else None

    return Grid(tuple(stages), tuple((kind, tuple(cell(kind, stage) for stage in stages)) for kind in kinds))


def _with_totals(kind: str, stage: str) -> tuple[tuple[str, str], ...]:
    """Return the cell of a kind and a stage, and the three totals that it adds to."""
    return ((kind, stage), (kind, ALL), (ALL, stage), (ALL, ALL))


def _cross_name(kind: str, stage: str) -> str:
    """Return what a cell of kinds and stages counts."""
    noun = "events" if kind == ALL else words.kind(kind).many
    return f"All {noun}" if stage == ALL else f"{noun.capitalize()}, {stage}"


def _in_order(names: set[str], order: Sequence[str]) -> list[str]:
    """Return the names in the order of the list, then those that are not listed, then the total."""
    return sorted(names, key=lambda name: (name == ALL, order.index(name) if name in order else len(order), name))
