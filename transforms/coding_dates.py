"""Which of the dates that an article names is the event's: its own sentences first, then those of the lead around them.

`event_dates` reads dates from words; here one of them is chosen, or none. Called by `coding_events`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from transforms.draft import Draft, is_assumed
from transforms.event_dates import AS_PUBLISHED, UNKNOWN, EventDate, dates_in, years_in
from transforms.passages import Passage, Reading
from transforms.records import Status

_NEAR_DAYS = 45  # a day named beside the event's own sentences is its day only this near to publication
_NEAR_SENTENCES = 2
_NOT_AHEAD = frozenset({"concluded", "ongoing"})
_DONE = frozenset({"concluded", "renewed"})
_FINENESS = ("day", "month", "year", "unresolved")


def event_date(draft: Draft, reading: Reading, published: date | None) -> tuple[EventDate, Status]:
    """Return the date of an event and its status, which a day that lies ahead corrects."""
    if draft.status == "proposed":
        return UNKNOWN, draft.status
    own = [item for passage in draft.passages for item in dates_in(passage, published)]
    fitting = [item for item in own if item.start and not _is_of_the_deal(item, draft.status, published)]
    recent = [item for item in fitting if _is_recent(item, published)]
    if recent and draft.status in _DONE:
        fitting = recent  # an older day in the same words is that of what is replaced or continued
    nearby = list(_dates_nearby(draft, reading, published))
    best = _best(fitting, nearby)
    if best is None and draft.status == "ongoing":
        best = next((year for passage in draft.passages for year in years_in(passage)), None)
    if best is None:
        unresolved = [item for item in own if item.start is None]
        return (unresolved or [UNKNOWN if draft.status == "ongoing" else AS_PUBLISHED])[0], draft.status
    return best, _status_on(draft.status, best, published)


def _best(own: Sequence[EventDate], nearby: Sequence[EventDate]) -> EventDate | None:
    """Return the finest date, the event's own before those beside it; a span of days beside that holds its own day."""
    days = [item for item in own if item.granularity == "day"]
    explicit = [item for item in days if item.basis == "explicit"]
    if days and not explicit:
        spans = [item for item in nearby if item.start != item.end and _holds(item, days)]
        return (spans or days)[0]
    beside = [item for item in nearby if item.granularity == "day"]
    ranked = sorted([*own, *nearby], key=lambda item: _FINENESS.index(item.granularity))
    return next(iter([*explicit, *beside, *ranked]), None)


def _is_of_the_deal(item: EventDate, status: Status, published: date | None) -> bool:
    """Say whether a day in a plan is that on which it was made rather than the planned one."""
    return status == "planned" and published is not None and item.end is not None and item.end <= published


def _dates_nearby(draft: Draft, reading: Reading, published: date | None) -> Iterator[EventDate]:
    """Yield the dates of the passages beside the event's own, the next before the one before, near publication."""
    if published is None:
        return
    for passage in _beside(draft, reading):
        is_open = is_assumed(draft) and draft.status == "ongoing"
        for item in dates_in(passage, published):
            if _is_plausible(item, draft.status, published, is_open):
                yield item


def _beside(draft: Draft, reading: Reading) -> Iterable[Passage]:
    """Return the passages of the lead that may give the event's date: what follows, then what stands before."""
    first, last = draft.passages[0].index, draft.passages[-1].index
    others = [passage for passage in reading.lead if passage not in draft.passages and not passage.has("background")]
    if not draft.passages[0].is_lead:
        return []
    after = [passage for passage in others if first < passage.index <= last + _NEAR_SENTENCES]
    before = [passage for passage in others if passage.index < first]
    return [*sorted(after, key=lambda one: abs(one.index - last)), *reversed(before)]


def _is_plausible(item: EventDate, status: Status, published: date, is_open: bool) -> bool:
    """Say whether a date may be an event's, seen from the day of publication."""
    if item.start is None or item.end is None or item.granularity == "year":
        return False
    if min(abs((item.start - published).days), abs((item.end - published).days)) > _NEAR_DAYS and status != "planned":
        return False
    if is_open:
        return True  # nothing said yet whether it lies ahead
    return item.end > published if status == "planned" else item.start <= published


def _is_recent(item: EventDate, published: date | None) -> bool:
    """Say whether a date lies near publication."""
    return published is not None and item.start is not None and abs((item.start - published).days) <= _NEAR_DAYS


def _holds(span: EventDate, days: Sequence[EventDate]) -> bool:
    """Say whether a span of days holds all of these."""
    return all(span.start and span.end and day.start and span.start <= day.start <= span.end for day in days)


def _status_on(status: Status, when: EventDate, published: date | None) -> Status:
    """Return the status that holds on the day of publication: what lies ahead is planned."""
    if published is None or when.granularity not in {"day", "month"} or when.start is None:
        return status
    return "planned" if status in _NOT_AHEAD and when.start > published else status
