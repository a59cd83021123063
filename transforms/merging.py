"""One event out of what several articles say of it: the status it has reached, the finest date, all its parties.

Called by `linking` with the events of one cluster, earliest report first. Deterministic; ties go to the earlier
report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from transforms.records import Confirmation, Event, EventType, Organisation, Role, Status
from transforms.same_event import name_key

T = TypeVar("T")
_ORDER: tuple[Status, ...] = ("proposed", "planned", "concluded", "ongoing", "renewed")
_ROLES: tuple[Role, ...] = ("organiser", "host", "party", "participant")
_FINENESS = {"day": 0, "month": 1, "year": 2, "unresolved": 3}
_BASES = {"explicit": 0, "relative": 1, "publication": 2, "none": 3}
_PER_REPORT = 0.02
_MOST_CONFIDENCE = 0.99


def merge_events(events: Sequence[Event], *, rests_on_span: bool = False) -> Event:
    """Return one event for all of these; the first of them gives whatever no rule decides.

    `rests_on_span`: what joins them is a month or a year alone, so that people have to look.
    """
    if len(events) == 1:
        return events[0]
    status = merged_status([event.status for event in events])
    dated = _best_dated(events, status)
    kind = _type(events)
    organisations = _organisations(events)
    return replace(
        events[0],
        type=kind,
        status=status,
        outcome="review" if rests_on_span else _outcome(events),
        label=_label(events, kind, organisations),
        organisations=organisations,
        countries=tuple(sorted({country for event in events for country in event.countries})),
        regions=_union(events, lambda event: event.regions),
        people=_union(events, lambda event: event.people),
        provisions=_union(events, lambda event: event.provisions) if kind == "agreement" else (),
        topics=_union(events, lambda event: event.topics),
        is_regional=any(event.is_regional for event in events),
        scope=max((event.scope for event in events), key=("domestic", "bilateral", "multilateral").index),
        series=next((event.series for event in events if event.series), None),
        edition=next((event.edition for event in events if event.edition), None),
        date_start=dated.date_start,
        date_end=dated.date_end,
        date_granularity=dated.date_granularity,
        date_basis=dated.date_basis,
        place=next((event.place for event in events if event.place), None),
        confidence=min(_MOST_CONFIDENCE, max(e.confidence for e in events) + _PER_REPORT * (len(events) - 1)),
    )


def merged_status(statuses: Sequence[Status]) -> Status:
    """Return the status of an event whose reports gave these, in the order of time.

    What was suspended or ended stays so until a report tells more than was reached before.
    """
    furthest, stopped = -1, None
    for status in statuses:
        if status not in _ORDER:
            stopped = status
        elif _ORDER.index(status) > furthest:
            furthest, stopped = _ORDER.index(status), None
    return stopped or _ORDER[furthest]


def _outcome(events: Sequence[Event]) -> Confirmation:
    """Return auto when one report is sure."""
    return "auto" if any(event.outcome == "auto" for event in events) else "review"


def _best_dated(events: Sequence[Event], status: Status) -> Event:
    """Return the event with the finest date, those of the final status first."""

    def rank(event: Event) -> tuple[int, bool, int]:
        return _FINENESS[event.date_granularity], event.status != status, _BASES[event.date_basis]

    return min(events, key=rank)


def _type(events: Sequence[Event]) -> EventType:
    """Return the type that most reports give, weighed by confidence."""
    weights: Counter[EventType] = Counter()
    for event in events:
        weights[event.type] += round(event.confidence * 1000)
    return max(weights, key=lambda kind: weights[kind])


def _organisations(events: Sequence[Event]) -> tuple[Organisation, ...]:
    """Return all organisations, each in the first role that fits; names as written only where nobody knows better."""
    found: dict[str, Organisation] = {}
    for one in (one for event in events for one in event.organisations):
        key = name_key(one)
        if key not in found or _ROLES.index(one.role) < _ROLES.index(found[key].role):
            found[key] = one
    known = [one for one in found.values() if one.id]
    kept = known if len(known) > 1 else list(found.values())
    return tuple(sorted(kept, key=lambda one: _ROLES.index(one.role)))


def _label(events: Sequence[Event], kind: EventType, organisations: Sequence[Organisation]) -> str:
    """Return the label of the report that names most of the merged event, the earliest at equal count."""
    fitting = [event for event in events if event.type == kind] or list(events)
    names = {one.name for one in organisations}
    return max(fitting, key=lambda event: sum(one.name in names for one in event.organisations)).label


def _union(events: Iterable[Event], values: Callable[[Event], Iterable[T]]) -> tuple[T, ...]:
    """Return the values of all events, each once, in order."""
    seen: dict[Hashable, T] = {}
    for event in events:
        for value in values(event):
            seen.setdefault(value, value)
    return tuple(seen.values())
