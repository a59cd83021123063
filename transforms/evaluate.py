"""How good the coder is, against gold: articles compared one by one, and the figures over all of them.

Relevance is co-operation against the rest. Events are matched one to one within an article (`event_matching`); type,
status, organisations, countries, date, place, provisions and roles are scored on matched events; merging is scored
over pairs of matched event mentions. It codes nothing and prints nothing: `flows/evaluate.py` brings coded articles and
shows what comes back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import TypeVar

from transforms.event_matching import match_events, match_organisations
from transforms.gold import GoldArticle, GoldEvent
from transforms.intervals import Counts, Estimate, f1_estimate, f1_gap, share, total
from transforms.records import CodedArticle, Event

# Scored by precision, recall and F1; "auto" are the events that are published, those under review left out.
SETS = ("relevance", "events", "auto", "organisations", "countries", "provisions")
SHARES = ("type", "status", "date", "place", "role")  # scored by the share that is right
FIGURES = (
    *(f"{name}.{measure}" for name in SETS for measure in ("precision", "recall", "f1")),
    *(f"{name}.accuracy" for name in SHARES),
    "merging.precision",
    "merging.recall",
)
YARDSTICKS, BEHIND = ("en", "ru"), ("kk", "ky", "uz")  # languages that the others are measured by, and those others
_UNDATED = frozenset({"proposed", "suspended"})  # an event of these has no day of its own
_BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)

Pair = tuple[GoldEvent, Event]
One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One article: what the gold says, what the coder found, and which events are which."""

    gold: GoldArticle
    coded: CodedArticle
    pairs: tuple[Pair, ...]
    missed: tuple[GoldEvent, ...]
    extra: tuple[Event, ...]

    @property
    def language(self) -> str:
        """The language that the gold states, else the one that the coder found."""
        return self.gold.article.language or self.coded.language or "unknown"


@dataclass(frozen=True, slots=True)
class Bin:
    """Events whose confidence lies from `start` to below `end`: how sure the coder was, and how often it was right."""

    start: float
    end: float
    mean_confidence: float
    right: Estimate


def compare(gold: GoldArticle, coded: CodedArticle) -> Comparison:
    """Return an article with its events matched."""
    pairs = tuple(match_events(gold.events, coded.events))
    missed = _without(gold.events, [one for one, _ in pairs])
    extra = _without(coded.events, [other for _, other in pairs])
    return Comparison(gold, coded, pairs, missed, extra)


def figures(comparisons: Sequence[Comparison]) -> dict[str, Estimate]:
    """Return every figure of FIGURES over these articles; one that nothing stands on has n = 0."""
    counted = [counts_of(comparison) for comparison in comparisons]
    found: dict[str, Estimate] = {}
    for name in SETS:
        rows = [counts[name] for counts in counted]
        hits, given, wanted = total(rows)
        found[f"{name}.precision"] = share(hits, given)
        found[f"{name}.recall"] = share(hits, wanted)
        found[f"{name}.f1"] = f1_estimate(rows)
    pairs = [pair for comparison in comparisons for pair in comparison.pairs]
    for name, judge in _JUDGES.items():
        verdicts = [verdict for pair in pairs for verdict in judge(*pair)]
        found[f"{name}.accuracy"] = share(sum(verdicts), len(verdicts))
    return found | _merging(pairs)


def figures_by_language(comparisons: Sequence[Comparison]) -> dict[str, dict[str, Estimate]]:
    """Return the figures of each language, by its tag, then of "all"."""
    languages = sorted({comparison.language for comparison in comparisons})
    own = {language: [c for c in comparisons if c.language == language] for language in languages}
    return {language: figures(rows) for language, rows in own.items()} | {"all": figures(comparisons)}


def counts_of(comparison: Comparison) -> dict[str, Counts]:
    """Return what one article adds to each figure of SETS: what both have, what the coder gave, what the gold has."""
    gold, coded, pairs = comparison.gold, comparison.coded, comparison.pairs
    wanted, given = gold.relevance == "cooperation", coded.relevance == "cooperation"
    published = sum(event.outcome == "auto" for event in coded.events)
    hits = sum(found.outcome == "auto" for _, found in pairs)
    return {
        "relevance": (int(wanted and given), int(given), int(wanted)),
        "events": (len(pairs), len(coded.events), len(gold.events)),
        "auto": (hits, published, len(gold.events)),
        "organisations": total([_organisations(*pair) for pair in pairs]),
        "countries": total([_shared(one.countries, other.countries) for one, other in pairs]),
        "provisions": total([_shared(one.provisions, other.provisions) for one, other in pairs]),
    }


def gaps(comparisons: Sequence[Comparison]) -> dict[str, Estimate]:
    """Return how far the F1 of relevance and events in kk, ky and uz lies below the mean of en and ru, as shares.

    A language counts with all its scripts. Nothing without English and Russian.
    """
    rows: dict[str, list[Comparison]] = {}
    for comparison in comparisons:
        rows.setdefault(comparison.language.split("-")[0], []).append(comparison)
    if not rows.keys() >= set(YARDSTICKS):
        return {}
    counted = {language: [counts_of(c) for c in own] for language, own in rows.items()}
    return {
        f"{name}.gap.{language}": f1_gap(
            [counts[name] for counts in counted[language]],
            [[counts[name] for counts in counted[other]] for other in YARDSTICKS],
        )
        for name in ("relevance", "events")
        for language in BEHIND
        if language in counted
    }


def confusion(comparisons: Iterable[Comparison], field: str) -> dict[tuple[str, str], int]:
    """Return how often the gold's type (or status) of an event was coded as which; "none" is no event at all."""
    counts: Counter[tuple[str, str]] = Counter()
    for comparison in comparisons:
        counts.update((getattr(one, field), getattr(other, field)) for one, other in comparison.pairs)
        counts.update((getattr(one, field), "none") for one in comparison.missed)
        counts.update(("none", getattr(other, field)) for other in comparison.extra)
    return dict(sorted(counts.items()))


def calibration(comparisons: Iterable[Comparison]) -> list[Bin]:
    """Return the coder's events by confidence with the share that is right; empty bins are left out."""
    told: list[tuple[float, bool]] = []
    for comparison in comparisons:
        told += [(other.confidence, True) for _, other in comparison.pairs]
        told += [(other.confidence, False) for other in comparison.extra]
    bins = []
    for start, end in zip(_BINS, (*_BINS[1:], 1.0), strict=True):
        own = [(sure, right) for sure, right in told if start <= sure < end or start < sure == end == 1.0]
        if own:
            right = share(sum(right for _, right in own), len(own))
            bins.append(Bin(start, end, sum(sure for sure, _ in own) / len(own), right))
    return bins


def alarms(comparisons: Iterable[Comparison]) -> dict[str, Estimate]:
    """Return, by the kind of articles without an event, the share that is wrongly called co-operation."""
    verdicts: dict[str, list[bool]] = {}
    for comparison in comparisons:
        if comparison.gold.relevance != "cooperation":
            kind = comparison.gold.kind or "not stated"
            verdicts.setdefault(kind, []).append(comparison.coded.relevance == "cooperation")
    return {kind: share(sum(wrong), len(wrong)) for kind, wrong in sorted(verdicts.items())}


def _without(events: Iterable[One], taken: Iterable[One]) -> tuple[One, ...]:
    """Return the events that were not taken, in their order; of equal ones as many as are left."""
    left = list(events)
    for event in taken:
        left.remove(event)
    return tuple(left)


def _organisations(gold: GoldEvent, found: Event) -> Counts:
    """Return what a matched event adds to the organisations; nothing where they were not labelled."""
    if gold.organisations is None:
        return 0, 0, 0
    same = match_organisations(gold.organisations, found.organisations)
    return len(same), len(found.organisations), len(gold.organisations)


def _shared(gold: frozenset[str] | None, found: Sequence[str]) -> Counts:
    """Return what two sets of words add to a figure; nothing where the gold's was not labelled."""
    return (0, 0, 0) if gold is None else (len(gold & set(found)), len(set(found)), len(gold))


def _is_date_right(gold: GoldEvent, found: Event) -> Iterable[bool]:
    """Yield whether the day is right, where the gold has one and the event is of a status that has a day."""
    if gold.date_start is not None and gold.status not in _UNDATED:
        yield gold.date_start == found.date_start


def _is_place_right(gold: GoldEvent, found: Event) -> Iterable[bool]:
    """Yield whether the country of the place is right, where the gold has one."""
    if gold.place_country is not None:
        yield found.place is not None and gold.place_country == found.place.country


def _are_roles_right(gold: GoldEvent, found: Event) -> Iterable[bool]:
    """Yield for each organisation that both name whether its role is right."""
    for one, other in match_organisations(gold.organisations or (), found.organisations):
        if one.role is not None:
            yield one.role == other.role


_JUDGES: Mapping[str, Callable[[GoldEvent, Event], Iterable[bool]]] = {
    "type": lambda gold, found: [gold.type == found.type],
    "status": lambda gold, found: [gold.status == found.status],
    "date": _is_date_right,
    "place": _is_place_right,
    "role": _are_roles_right,
}


def _merging(pairs: Sequence[Pair]) -> dict[str, Estimate]:
    """Return how well mentions with one gold key are those with one event id; a mention without a key stands alone."""
    keys = [(one.same_as or f"alone {number}", other.event_id) for number, (one, other) in enumerate(pairs)]
    both = _pair_count(keys)
    return {
        "merging.precision": share(both, _pair_count([identity for _, identity in keys])),
        "merging.recall": share(both, _pair_count([key for key, _ in keys])),
    }


def _pair_count(keys: Iterable[object]) -> int:
    """Return how many pairs of mentions have one key."""
    return sum(comb(size, 2) for size in Counter(keys).values())
