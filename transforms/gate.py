"""Whether a text can matter at all: most articles of a night end here, before anybody splits their sentences.

Both tests are loose and err to one side only: where they say no, no rule of the codebook can fire, because something
that it asks for is not there, or stands too far away, or nothing speaks of media. Called by `coding`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from codebook.load import Codebook
from transforms.concepts import CULTURE, MASK, MEDIA_ACTORS, MEDIA_WORDS, SURE_RULE, asked_for
from transforms.forms import Form
from transforms.hits import Hit
from transforms.matching import Ending, Sighting, scanner_for


@dataclass(frozen=True, slots=True)
class Ask:
    """What a rule asks for: its concepts, a bit for each, and within how many characters."""

    concepts: tuple[str, ...]
    mask: int
    within: int


@dataclass(frozen=True, eq=False)
class Gate:
    """The bits that each needle of a scanner may stand for, and what the rules ask for."""

    codebook: Codebook
    masks: tuple[int, ...]
    asks: tuple[Ask, ...]
    media: int
    actors: int
    culture: int
    sure: frozenset[str]


@lru_cache(maxsize=32)
def gate_for(codebook: Codebook, language: str) -> Gate:
    """Return the gate for texts in a language of the codebook."""
    asked = (concept for rule in codebook.rules for concept in rule.all)
    names = dict.fromkeys([*asked, *sorted(MEDIA_WORDS), CULTURE, MASK])
    bits = {name: 1 << n for n, name in enumerate(names)}
    return Gate(
        codebook=codebook,
        masks=tuple(_mask(forms, bits, codebook) for forms in scanner_for(codebook, language).forms_by_needle),
        asks=tuple(Ask(rule.all, _union(bits, rule.all), rule.within) for rule in codebook.rules),
        media=_union(bits, MEDIA_WORDS),
        actors=_union(bits, MEDIA_ACTORS),
        culture=bits[CULTURE],
        sure=frozenset().union(*(rule.all for rule in codebook.rules if rule.weight >= SURE_RULE)),
    )


def _mask(forms: Sequence[tuple[Form, Ending | None]], bits: dict[str, int], codebook: Codebook) -> int:
    """Return the bits of all that the forms behind one needle may stand for."""
    names = {name for form, _ in forms for name in asked_for(form.kind, form.key, form.line, codebook)}
    return _union(bits, names & bits.keys())


def _union(bits: dict[str, int], names: Iterable[str]) -> int:
    """Return the bits of some names together."""
    return sum(bits[name] for name in set(names))


def asked_of(sightings: Iterable[Sighting], gate: Gate) -> tuple[list[Sighting], list[Sighting]]:
    """Return the sightings of what rules ask for, and the others: months, places, cues, which only a reading needs."""
    asked: list[Sighting] = []
    others: list[Sighting] = []
    for sighting in sightings:
        (asked if gate.masks[sighting[0]] else others).append(sighting)
    return asked, others


def may_matter(sightings: Iterable[Sighting], gate: Gate) -> bool:
    """Say whether a text whose first words these are could report an event or stand near the field."""
    seen = 0
    for needle in {needle for needle, _, _ in sightings}:
        seen |= gate.masks[needle]
    if not seen & gate.media:
        return bool(seen & gate.culture)
    is_near = bool(seen & (gate.actors | gate.culture))
    return is_near or any(seen & ask.mask == ask.mask for ask in gate.asks)


def may_report(hits: Sequence[Hit], gate: Gate, lead_end: int) -> bool:
    """Say whether a rule could fire on a text in which these were found, where its title and lead end at this offset.

    Below the lead an event needs two organisations, or a rule that hardly ever errs.
    """
    if _may_fire([hit for hit in hits if hit.start < lead_end], gate):
        return True
    late = [hit for hit in hits if hit.start >= lead_end]
    parties = {hit.key if hit.kind == "organisation" else hit.start for hit in late if _may_be_party(hit)}
    return (len(parties) > 1 or any(hit.key in gate.sure for hit in late)) and _may_fire(late, gate)


def _may_be_party(hit: Hit) -> bool:
    """Say whether a hit is an organisation, or a head noun beside which one may stand that nobody lists."""
    return hit.kind == "organisation" or hit.key == "media_actor"


def _may_fire(hits: Iterable[Hit], gate: Gate) -> bool:
    """Say whether these hold media and, near enough to each other, all that some rule asks for."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for kind, key, line, start, end in hits:
        for concept in asked_for(kind, key, line, gate.codebook):
            found[concept].append((start, end))
    if MEDIA_WORDS.isdisjoint(found):
        return False
    asks = [ask for ask in gate.asks if all(concept in found for concept in ask.concepts)]
    return any(_stand_near([found[concept] for concept in ask.concepts], ask.within) for ask in asks)


def _stand_near(rows: Sequence[Sequence[tuple[int, int]]], within: int) -> bool:
    """Say whether a span of the first row has one of every other row within reach."""
    return any(
        all(any(max(end, stop) - min(start, at) <= within for at, stop in row) for row in rows[1:])
        for start, end in rows[0]
    )


def may_stand_near(hits: Iterable[Hit], lead_end: int) -> bool:
    """Say whether a text that names these could be adjacent: two media actors in the lead, or days of culture."""
    concepts = [hit for hit in hits if hit.kind == "concept"]
    actors = [hit for hit in concepts if hit.key in MEDIA_ACTORS and hit.start < lead_end]
    return len(actors) > 1 or any(hit.key == CULTURE for hit in concepts)
