"""Numbers that can be followed: each one knows the events behind it and the place in the page where they are listed.

Pure. The building stone of `tables`; the templates make links of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.clean import anchor


@dataclass(frozen=True, slots=True)
class Number:
    """A count of events or reports, with the events behind it as (position in the report, anchor)."""

    value: int
    words: str  # what is counted, as the line that lists the events says it
    place: str  # the anchor of that line
    events: tuple[tuple[int, str], ...] = ()

    @property
    def href(self) -> str | None:
        """Return the place of the rows behind: the event, or the line that lists them where there are several."""
        if not self.events:
            return None
        return f"#{self.events[0][1]}" if len(self.events) == 1 else f"#{self.place}"


class Numbering:
    """The events of a report in their order; makes numbers that lead to them."""

    def __init__(self, event_ids: Iterable[str]) -> None:
        self._places: Mapping[str, tuple[int, str]] = {
            event_id: (position, anchor("event", event_id)) for position, event_id in enumerate(event_ids, start=1)
        }

    def place(self, event_id: str) -> str:
        """Return the anchor of an event of the report."""
        return self._places[event_id][1]

    def count(self, value: int, words: str, keys: tuple[str, ...], event_ids: Iterable[str]) -> Number:
        """Return a number that leads to those of these events that are in the report."""
        known = sorted({self._places[event_id] for event_id in event_ids if event_id in self._places})
        return Number(value, words, anchor("rows", *keys), tuple(known))


def lines_of(numbers: Iterable[Number]) -> tuple[Number, ...]:
    """Return the numbers that need a line of their own, each place once, in the order of the page."""
    lines: dict[str, Number] = {}
    for number in numbers:
        if len(number.events) > 1:
            lines.setdefault(number.place, number)
    return tuple(lines.values())
