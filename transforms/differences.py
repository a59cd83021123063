"""Where coder and gold differ on an article, in words: what was expected and what was found.

For development data only: whoever mends the coder by an article has seen it. Called by `flows/evaluate.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transforms.evaluate import Comparison
from transforms.event_matching import match_organisations
from transforms.gold import GoldEvent, GoldOrganisation
from transforms.records import Event, Organisation


def differences(comparison: Comparison) -> list[str]:
    """Return what differs in the score, a line each; none where coder and gold agree, "adjacent" and "none" as one."""
    gold, coded = comparison.gold, comparison.coded
    lines = []
    if (gold.relevance == "cooperation") != (coded.relevance == "cooperation"):
        lines.append(f"relevance: expected {gold.relevance}, found {coded.relevance}")
    lines += [f"missed: {_words_of_gold(event)}" for event in comparison.missed]
    lines += [f"extra: {_words_of_found(event)}" for event in comparison.extra]
    for one, other in comparison.pairs:
        lines += [f"{one.type} {one.status}: {words}" for words in _between(one, other)]
    return lines


def evidence(comparison: Comparison) -> list[str]:
    """Return what made the coder say so: each event's quotes with the rules that fired."""
    return [
        f"{event.type} by {', '.join(quote.rule_ids)}: {' '.join(quote.quote.split())}"
        for event in comparison.coded.events
        for quote in event.evidence
    ]


def _between(gold: GoldEvent, found: Event) -> Iterator[str]:
    """Yield in which fields a matched event differs."""
    if gold.type != found.type:
        yield f"type {found.type}"
    if gold.status != found.status:
        yield f"status {found.status}"
    yield from _organisations(gold, found)
    for name, wanted, given in (
        ("countries", gold.countries, found.countries),
        ("provisions", gold.provisions, found.provisions),
    ):
        if wanted is not None and wanted != set(given):
            yield f"{name}: expected {_listed(wanted)}, found {_listed(given)}"
    if gold.date_start is not None and gold.date_start != found.date_start:
        yield f"date: expected {gold.date_start}, found {found.date_start}"
    if gold.place_country is not None and (found.place is None or found.place.country != gold.place_country):
        yield f"place: expected {gold.place_country}, found {found.place.country if found.place else None}"


def _organisations(gold: GoldEvent, found: Event) -> Iterator[str]:
    """Yield which organisations are missing, too many, or in another role."""
    if gold.organisations is None:
        return
    same = match_organisations(gold.organisations, found.organisations)
    missed = [_name(one) for one in gold.organisations if all(one is not ours for ours, _ in same)]
    extra = [_name(one) for one in found.organisations if all(one is not theirs for _, theirs in same)]
    if missed or extra:
        yield f"organisations: missed {_listed(missed)}, extra {_listed(extra)}"
    for one, other in same:
        if one.role is not None and one.role != other.role:
            yield f"role of {_name(one)}: expected {one.role}, found {other.role}"


def _words_of_gold(event: GoldEvent) -> str:
    """Return a gold event in one line."""
    names = [_name(one) for one in event.organisations or ()]
    return f"{event.type} {event.status} {event.date_start or ''} {_listed(names)} {_listed(event.countries or ())}"


def _words_of_found(event: Event) -> str:
    """Return a coded event in one line."""
    names = [_name(one) for one in event.organisations]
    words = f"{event.type} {event.status} {event.date_start or ''} {_listed(names)} {_listed(event.countries)}"
    return f"{words} ({event.outcome}, {event.confidence:.2f})"


def _name(organisation: GoldOrganisation | Organisation) -> str:
    """Return an organisation's id, or its name in quotes where it has none."""
    return organisation.id or f"“{organisation.name}”"


def _listed(words: Iterable[str]) -> str:
    """Return words in brackets, by the alphabet."""
    return "[" + ", ".join(sorted(words)) + "]"
