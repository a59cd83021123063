"""What kind of event a sentence points to: rules over concepts, what strikes them out, and the status.

Pure and language-independent: it asks passages for concepts and never looks at words. Called by `coding`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import cast

from codebook.load import Codebook, DiscardEntry, ProvisionEntry, RuleEntry
from transforms.hits import Hit, spans_overlap
from transforms.passages import Passage
from transforms.records import EventType, Status

# A cue counts when it stands this near to the act, in characters; the last concept of a rule is the act.
_NEAR_CUE, _END_CUE, _WIDE_CUE = 30, 60, 90
_MOST_COMBINATIONS = 400
# What is over or renewed is so whatever else the sentence says; of the softer cues the nearest counts.
_STRONG_CUES: tuple[tuple[str, Status, int], ...] = (
    ("end", "ended", _END_CUE),
    ("suspend", "suspended", _WIDE_CUE),
    ("extend", "renewed", _NEAR_CUE),
)
_SOFT_CUES: tuple[tuple[str, Status, int], ...] = (
    ("propose", "proposed", _WIDE_CUE),
    ("plan", "planned", _NEAR_CUE),
    ("agree", "planned", _WIDE_CUE),
    ("ongoing", "ongoing", _WIDE_CUE),
    ("begin", "ongoing", _WIDE_CUE),
)
# What runs for some time; an opening, a signing or an award is done on a day.
_RUNNING = frozenset({"co_production", "content_exchange", "broadcasting", "training"})


@dataclass(frozen=True)
class Candidate:
    """A rule that fired in a passage: which words fired it, and the status that they give."""

    passage: Passage
    rule: RuleEntry
    trigger: tuple[Hit, ...]
    status: Status

    @property
    def type(self) -> EventType:
        """The type that the rule points to."""
        return cast("EventType", self.rule.type)

    @property
    def span(self) -> tuple[int, int]:
        """From the first word that fired to the last."""
        return min(hit.start for hit in self.trigger), max(hit.end for hit in self.trigger)


def candidates(passage: Passage, codebook: Codebook) -> list[Candidate]:
    """Return at most one candidate of each type, the heaviest rule first; none where the discard list strikes."""
    found: dict[str, Candidate] = {}
    named = passage.concepts.keys()
    for rule, asked in _asked(codebook):
        if asked <= named and rule.type not in found and (trigger := trigger_of(rule, passage)) is not None:
            found[rule.type] = Candidate(passage, rule, trigger, _status(rule, trigger, passage))
    return [candidate for candidate in found.values() if discarded_by(candidate, codebook) is None]


@lru_cache(maxsize=8)
def _asked(codebook: Codebook) -> tuple[tuple[RuleEntry, frozenset[str]], ...]:
    """Return the rules, each with the set of concepts that it asks for."""
    return tuple((rule, frozenset(rule.all)) for rule in codebook.rules)


def discarded_by(candidate: Candidate, codebook: Codebook) -> DiscardEntry | None:
    """Return the row of the discard list that strikes a candidate, if any."""
    passage = candidate.passage
    actors = len(passage.media_organisations)
    rows = (row for row in codebook.discards if passage.has(*row.all) and not any(map(passage.has, row.none)))
    return next((row for row in rows if actors < row.unless_media and _strikes(row, candidate)), None)


def _strikes(row: DiscardEntry, candidate: Candidate) -> bool:
    """Say whether a row's words stand near enough to those that fired."""
    start, end = candidate.span
    marks = (mark for concept in row.all for mark in candidate.passage.concepts[concept])
    return any(max(start - mark.end, mark.start - end) <= row.within for mark in marks)


def provisions(passage: Passage, codebook: Codebook) -> Iterator[EventType]:
    """Yield what a passage about a document says that it provides for."""
    for row in codebook.provisions:
        if passage.has(*row.all) and not any(map(passage.has, row.none)):
            yield cast("EventType", row.type)


def trigger_of(rule: RuleEntry | ProvisionEntry, passage: Passage) -> tuple[Hit, ...] | None:
    """Return the narrowest set of separate hits that holds all concepts of a rule within its span, or None."""
    if not passage.has(*rule.all) or any(map(passage.has, rule.none)):
        return None
    choices = [passage.concepts[concept] for concept in rule.all]
    while _size(choices) > _MOST_COMBINATIONS:
        choices = [hits[: max(1, len(hits) // 2)] for hits in choices]
    sets = [hits for hits in product(*choices) if not _share_words(hits)]
    best = min(sets, key=lambda hits: (_width(hits), hits[0].start), default=None)
    return best if best is not None and _width(best) <= getattr(rule, "within", 160) else None


def _size(choices: Sequence[Sequence[Hit]]) -> int:
    """Return how many combinations there are."""
    size = 1
    for hits in choices:
        size *= len(hits)
    return size


def _share_words(hits: Sequence[Hit]) -> bool:
    """Say whether two hits of a set stand on the same words."""
    spans = [(hit.start, hit.end) for hit in hits]
    return any(spans_overlap(one, other) for n, one in enumerate(spans) for other in spans[n + 1 :])


def _width(hits: Sequence[Hit]) -> int:
    """Return the characters from the first word of a set to the last."""
    return max(hit.end for hit in hits) - min(hit.start for hit in hits)


def _status(rule: RuleEntry, trigger: Sequence[Hit], passage: Passage) -> Status:
    """Return the status that the cues near the act give, else what the rule says."""
    act = trigger[-1]
    if rule.status in {"ended", "suspended", "renewed"}:
        return cast("Status", rule.status)
    for concept, cued, reach in _STRONG_CUES:
        if any(_distance(act, cue) <= reach for cue in passage.concepts.get(concept, ())) and _fits(
            rule, concept, cued
        ):
            return cued
    soft = [
        (_distance(act, cue), order, cued)
        for order, (concept, cued, reach) in enumerate(_SOFT_CUES)
        if concept != "begin" or rule.type == "co_production"  # a series begun is in the making, an exchange is there
        for cue in passage.concepts.get(concept, ())
        if _distance(act, cue) <= reach and _fits(rule, concept, cued)
    ]
    if soft:
        agreed = [
            cue for cue in soft if cue[2] == "planned" and passage.has("agree")
        ]  # "agreed … shooting begins in May"
        return min(agreed or soft)[2]
    is_begun = rule.type != "co_production" and any(
        _distance(act, cue) <= _WIDE_CUE for cue in passage.concepts.get("begin", ())
    )
    if (rule.status in {"proposed", "planned"} and passage.has("done")) or (rule.status == "ongoing" and is_begun):
        return "concluded"
    return cast("Status", rule.status)


def _fits(rule: RuleEntry, cue: str, status: Status) -> bool:
    """Say whether a type can have a status: a signing does not run, a meeting is not renewed."""
    if cue in {"agree", "ongoing", "begin"} and rule.type not in _RUNNING:
        return False
    return not (rule.type in {"forum", "meeting", "contest"} and status in {"renewed", "ended"})


def _distance(one: Hit, other: Hit) -> int:
    """Return the characters between two hits, 0 when they touch or overlap."""
    return max(0, max(one.start, other.start) - min(one.end, other.end))
