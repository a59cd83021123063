"""What people have decided, put into the linked events: accepted, rejected, corrected; organisations named or struck.

Decisions name an event by an id that it had once, and an organisation by how it is written; so they hold for all later
reports and codings, too. Reports stay as they were coded: what a person takes back is as it was. Pure; called by
`flows` with all decisions up to its moment, wherever reports become events.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from codebook.load import Codebook
from transforms.event_spans import EventSpan, span_of
from transforms.linking import LinkedEvent, LinkedEvents
from transforms.records import Correction, Event, Organisation, Scope, countries_are_regional
from transforms.same_event import name_key


@dataclass
class _Verdict:
    """What all decisions on one thing come to."""

    is_rejected: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Corrected:
    """The events as people have corrected them, and the decisions that name an event which is no more."""

    linked: LinkedEvents
    unmatched: tuple[str, ...]


def correct_events(
    linked: LinkedEvents, corrections: Sequence[Correction], codebook: Codebook, became: Mapping[str, str]
) -> Corrected:
    """Return the events with what people have decided.

    `became` says which id took the place of an id that was given up. Of several decisions on one thing the one of the
    later day holds, of one day the one that stands later; a value holds until another decision gives it anew.
    """
    if not corrections:
        return Corrected(linked, ())
    ordered = sorted(corrections, key=lambda one: one.decided_date)
    own = {one.event.event_id for one in linked.events}
    of_events = _verdicts((_current(one.event_id, own, became), one) for one in ordered if one.event_id)
    of_names = _verdicts((one.organisation_name, one) for one in ordered if one.organisation_name)
    rejected = {name for name, verdict in of_events.items() if verdict.is_rejected}
    kept = [one for one in linked.events if one.event.event_id not in rejected]
    return Corrected(
        LinkedEvents(
            tuple(_corrected(one, of_events.get(one.event.event_id), of_names, rejected, codebook) for one in kept),
            linked.resolved,
            tuple(one for one in linked.events if one.event.event_id in rejected),
        ),
        tuple(name for event_id, verdict in of_events.items() if event_id not in own for name in verdict.ids),
    )


def name_as_written(name: str) -> str:
    """Return by what an organisation that the gazetteer does not know is told from others: no case, signs, accents."""
    return name_key(Organisation(None, name, "party", None)).removeprefix("?")


def _verdicts(decisions: Iterable[tuple[str, Correction]]) -> dict[str, _Verdict]:
    """Return what the decisions on each thing come to, in their order."""
    found: dict[str, _Verdict] = {}
    for name, one in decisions:
        verdict = found.setdefault(name, _Verdict())
        verdict.is_rejected = one.decision == "reject"
        verdict.values |= json.loads(one.values_json)
        verdict.ids.append(one.correction_id)
    return found


def _current(event_id: str, own: set[str], became: Mapping[str, str]) -> str:
    """Return the id under which an event is found now; the last one known where it is found nowhere."""
    passed = set()
    while event_id not in own and event_id in became and event_id not in passed:
        passed.add(event_id)
        event_id = became[event_id]
    return event_id


def _corrected(
    linked: LinkedEvent,
    verdict: _Verdict | None,
    of_names: Mapping[str, _Verdict],
    rejected: set[str],
    codebook: Codebook,
) -> LinkedEvent:
    """Return one event with what was decided of its organisations and of itself."""
    event = linked.event
    if event.supersedes in rejected:
        event = replace(event, supersedes=None)
    event = _with_names_settled(event, of_names, codebook)
    if verdict is not None:
        event = _with_values(event, verdict.values, codebook)
        event = replace(event, outcome="auto", corrections=(*event.corrections, *verdict.ids))
    return replace(linked, event=event)


def _with_names_settled(event: Event, of_names: Mapping[str, _Verdict], codebook: Codebook) -> Event:
    """Return the event with the names as written put into the gazetteer's, or struck where they are no organisation."""
    kept: dict[str, Organisation] = {}
    ids: list[str] = []
    for one in event.organisations:
        verdict = None if one.id else of_names.get(name_as_written(one.name))
        ids += verdict.ids if verdict else []
        if verdict is None or not verdict.is_rejected:
            settled = _settled(one, verdict.values.get("organisations") if verdict else None, codebook)
            kept.setdefault(name_key(settled), settled)
    if not ids:
        return event
    found = {one.country for one in kept.values() if one.country}
    event = _with_parties(event, tuple(kept.values()), tuple(sorted({*event.countries, *found})), codebook)
    return replace(event, corrections=tuple(dict.fromkeys(ids)))


def _settled(one: Organisation, ids: Sequence[str] | None, codebook: Codebook) -> Organisation:
    """Return an organisation as the gazetteer has it, in the role that it has here; as it was where nobody says."""
    entry = codebook.organisations.get(ids[0]) if ids else None
    return one if entry is None else Organisation(entry.id, entry.name, one.role, entry.country)


def _with_values(event: Event, values: Mapping[str, Any], codebook: Codebook) -> Event:
    """Return the event with the values that people gave in place of its own."""
    before = event.type
    event = replace(event, type=values.get("type", before), status=values.get("status", event.status))
    if event.type != before:
        event = replace(event, label=_relabelled(event.label, before, event.type))
    if "organisations" in values or "countries" in values:
        parties = _parties(event, values.get("organisations"), codebook)
        countries = tuple(values.get("countries") or _countries_of(parties, event))
        event = _with_parties(event, parties, countries, codebook)
    if "date_start" in values or "date_end" in values:
        event = _dated(event, values)
    return event


def _parties(event: Event, ids: Sequence[str] | None, codebook: Codebook) -> tuple[Organisation, ...]:
    """Return the organisations of these ids, each in the role that the event gives it, else as a party."""
    if ids is None:
        return event.organisations
    known = {one.id: one for one in event.organisations if one.id}
    entries = [codebook.organisations[name] for name in ids if name in codebook.organisations]
    return tuple(known.get(one.id) or Organisation(one.id, one.name, "party", one.country) for one in entries)


def _countries_of(parties: Sequence[Organisation], event: Event) -> tuple[str, ...]:
    """Return the countries of organisations that people have named; with the event's own where they are but one."""
    found = {one.country for one in parties if one.country}
    return tuple(sorted(found if len(found) > 1 else {*found, *event.countries}))


def _with_parties(
    event: Event, parties: tuple[Organisation, ...], countries: tuple[str, ...], codebook: Codebook
) -> Event:
    """Return the event with these organisations and countries, and with all that follows from them."""
    beside = {one.country for one in parties if one.role == "participant"}
    beside -= {one.country for one in parties if one.role != "participant"}
    label = event.label
    if not event.series and parties and parties != event.organisations:
        names = [one.name for one in parties]
        label = f"{' – '.join(names[:4])}{' …' if len(names) > 4 else ''}: {event.type.replace('_', ' ')}"
    return replace(
        event,
        organisations=parties,
        countries=countries,
        label=label,
        scope=_scope(event, parties, countries, codebook),
        is_regional=countries_are_regional(set(countries) - beside) or "Central Asia" in event.regions,
    )


def _scope(event: Event, parties: Sequence[Organisation], countries: Sequence[str], codebook: Codebook) -> Scope:
    """Return how many sides there are: two, one, or more, a body, a region or a wide series among them."""
    is_wide = event.scope == "multilateral" and event.series is not None
    bodies = any(one.id in codebook.organisations and one.country is None for one in parties)
    if len(countries) > 2 or event.regions or is_wide or bodies:
        return "multilateral"
    return "bilateral" if len(countries) == 2 else "domestic"


def _relabelled(label: str, before: str, after: str) -> str:
    """Return the label with the type that holds now."""
    old, new = before.replace("_", " "), after.replace("_", " ")
    return f"{label.removesuffix(old)}{new}" if label.endswith(f": {old}") else label


def _dated(event: Event, values: Mapping[str, Any]) -> Event:
    """Return the event with the days that people gave; an end that lies before a new beginning no longer holds."""
    own = EventSpan(event.date_start, event.date_end, event.date_granularity)
    span = span_of(values["date_start"]) if "date_start" in values else own
    first = span.start
    if first is None:
        return replace(event, date_start=None, date_end=None, date_granularity="unresolved", date_basis="none")
    if "date_end" in values:
        end = span_of(values["date_end"]).end
    elif event.status == "ongoing":
        end = None
    else:
        end = own.end if own.end and own.end > first and span.granularity == own.granularity else span.end
    return replace(
        event,
        date_start=first,
        date_end=end if end and end >= first else None,
        date_granularity=span.granularity,
        date_basis="explicit",
    )
