"""A day, a month or a year as people write it into a table: first and last day, and how fine it is.

Called by `review_sheet`, which reads what people filled in, and by `corrections`, which puts it into events.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from transforms.records import Granularity

# As 2026-11-22, 22.11.2026, 2026-11, 11.2026, 2026; a spreadsheet may add midnight to a day.
_FORMS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ]0?0:00(?::00)?)?"),
    re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?: 0?0:00(?::00)?)?"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})"),
    re.compile(r"(?P<month>\d{1,2})\.(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})"),
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class EventSpan:
    """First and last day; both None where it is not known."""

    start: date | None
    end: date | None
    granularity: Granularity


UNKNOWN_SPAN = EventSpan(None, None, "unresolved")


def span_of(text: str | None) -> EventSpan:
    """Return the span that a text names; the unknown one for None. Raises ValueError for what is no date."""
    if text is None:
        return UNKNOWN_SPAN
    found = next((match for form in _FORMS if (match := form.fullmatch(text.strip()))), None)
    if found is None or not _FIRST_YEAR <= int(found["year"]) <= _LAST_YEAR:
        raise ValueError(f"{text!r} is no date")
    parts = {name: int(value) for name, value in found.groupdict().items()}
    year, month, day = parts["year"], parts.get("month"), parts.get("day")
    if month is None:
        return EventSpan(date(year, 1, 1), date(year, 12, 31), "year")
    if day is None:
        first = date(year, month, 1)
        return EventSpan(first, first.replace(day=monthrange(year, month)[1]), "month")
    exact = date(year, month, day)
    return EventSpan(exact, exact, "day")


def written(span: EventSpan) -> str | None:
    """Return a span in the one form in which it is stored: 2026-11-22, 2026-11 or 2026."""
    if span.start is None:
        return None
    return span.start.isoformat()[: {"year": 4, "month": 7}.get(span.granularity, 10)]
