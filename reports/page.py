"""The weekly report as its two templates need it: everything in order, named in English, each number with its rows.

Pure. Called by `weekly`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reports import headline, words
from reports.figures import Number, Numbering, lines_of
from reports.tables import Grid, Row, country_matrix, kinds_by_stage, pair_name, rows_of
from transforms.records import EventCard, Organisation, WeekView

OPEN_CARDS: Final = 12  # more are folded to a line each, so that a week of 200 can be read
FIRST_ROWS: Final = 15  # of a long table; the others are folded


@dataclass(frozen=True, slots=True)
class Card:
    """An event with its position in the report and its anchor."""

    position: int
    place: str
    event: EventCard

    @property
    def parties(self) -> tuple[tuple[str, tuple[Organisation, ...]], ...]:
        """Return the organisations by role, in the order of the roles, under the role's name in singular or plural."""
        roles = sorted(
            {one.role for one in self.event.organisations},
            key=lambda role: list(words.ROLES).index(role) if role in words.ROLES else len(words.ROLES),
        )
        groups = []
        for role in roles:
            members = tuple(one for one in self.event.organisations if one.role == role)
            noun = words.role(role)
            groups.append((noun.one if len(members) == 1 else noun.many, members))
        return tuple(groups)


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the weekly report shows."""

    view: WeekView
    headline: str
    caution: str | None
    finding: str
    kinds_finding: str
    mean: float | None
    total: Number
    cards: tuple[Card, ...]
    matrix: Grid | None
    pairs: tuple[Row, ...]
    organisations: tuple[Row, ...]
    cross: Grid
    kinds: tuple[Row, ...]
    outlets: tuple[Row, ...]
    languages: tuple[Row, ...]

    @property
    def country_count(self) -> int:
        """Return how many countries have a part in the week's events."""
        return len({code for card in self.view.cards for code in card.countries})

    @property
    def report_count(self) -> int:
        """Return how many reports tell of the week's events."""
        return sum(card.report_count for card in self.view.cards)

    @property
    def lines(self) -> tuple[Number, ...]:
        """Return the lines that list the events behind the numbers of this page."""
        return lines_of(self._numbers())

    def _numbers(self) -> Iterable[Number]:
        """Return all numbers of the page in its order."""
        yield self.total
        for grid in (self.matrix, self.cross):
            yield from (cell for _, cells in (grid.rows if grid else ()) for cell in cells if cell)
        for rows in (self.pairs, self.organisations, self.kinds, self.outlets, self.languages):
            yield from (row.events for row in rows)


def page_of(view: WeekView) -> Page:
    """Return the page of a week."""
    numbering = Numbering(card.event_id for card in view.cards)
    event_ids = [card.event_id for card in view.cards]
    return Page(
        view=view,
        headline=headline.headline(view),
        caution=headline.caution(view),
        finding=headline.finding(view),
        kinds_finding=headline.kinds_finding(view),
        mean=headline.mean_before(view.trend),
        total=numbering.count(len(event_ids), "All events", ("cross", "all", "all"), event_ids),
        cards=tuple(
            Card(position, numbering.place(card.event_id), card) for position, card in enumerate(view.cards, start=1)
        ),
        matrix=country_matrix(view, numbering),
        pairs=rows_of(view, numbering, "weekly_country_pairs", pair_name),
        organisations=rows_of(view, numbering, "weekly_organisations", lambda keys: keys[-1]),
        cross=kinds_by_stage(view, numbering),
        kinds=rows_of(view, numbering, "weekly_types", lambda keys: words.kind(keys[0]).many.capitalize()),
        outlets=rows_of(view, numbering, "weekly_outlets", lambda keys: view.outlet_names.get(keys[0], keys[0])),
        languages=rows_of(view, numbering, "weekly_languages", lambda keys: words.language(keys[0])),
    )
