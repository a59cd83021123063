"""The record of an event from its draft: dates, place, people, quotes, label and confidence.

Called by `coding` with a finished draft. What it returns stands for one article; `linking` joins the articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from codebook.load import Codebook
from transforms.coding_dates import event_date
from transforms.coding_parties import people, place_of
from transforms.coding_type import Candidate
from transforms.draft import AUTO_SCORE, Draft
from transforms.event_dates import publication_day
from transforms.passages import Passage, Reading
from transforms.records import (
    QUOTE_LIMIT_CHARACTERS,
    Event,
    Evidence,
    Organisation,
    Place,
    Scope,
    countries_are_regional,
    digest,
)

_MOST_QUOTES = 5
_NEAR_PASSAGES = 2
_PLACED = frozenset({"presence", "broadcasting"})  # the country of the place is the other side
_TWO = 2
_MOST_CONFIDENCE = 0.97
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_EDITION = re.compile(
    r"(?:\b(?P<roman>[IVX]{1,5})|(?<!\d)(?P<figure>\d{1,2})(?:st|nd|rd|th|[-\s]?[^\W\d_]{1,5})?)[\s\-–.]*[«\"“]?$"
)
_REGIONAL_ROLES = ("organiser", "host", "party")


def finish(draft: Draft, ordinal: int, reading: Reading, codebook: Codebook) -> Event:
    """Return the event of a draft; `ordinal` counts the article's events from 0."""
    article = reading.article
    published = publication_day(article.published_at, article.time_zone)
    when, status = event_date(draft, reading, published)
    place = place_of(_told_in(draft, reading), codebook, reading.language)
    countries = _countries(draft, place, codebook)
    organisations = _organisations(draft)
    score = min(draft.score, _MOST_CONFIDENCE)
    return Event(
        event_id=digest("event", article.id, draft.type, str(ordinal)),
        type=draft.type,
        status=status,
        label=_label(draft, organisations, countries, codebook),
        organisations=organisations,
        countries=countries,
        evidence=_evidence(draft),
        confidence=score,
        outcome="auto" if score >= AUTO_SCORE else "review",
        series=codebook.series[draft.series].name if draft.series else None,
        edition=_edition(draft),
        is_regional=_is_regional(organisations, countries, draft, codebook),
        scope=_scope(draft, countries, codebook),
        regions=tuple(draft.regions),
        people=tuple(people(draft.passages)),
        date_start=when.start,
        date_end=None if status == "ongoing" else when.end,
        date_granularity=when.granularity,
        date_basis=when.basis,
        first_reported_at=article.published_at,
        place=place,
        provisions=tuple(draft.provisions) if draft.type == "agreement" else (),
        codebook=codebook.version,
    )


def _told_in(draft: Draft, reading: Reading) -> list[Passage]:
    """Return the passages that may say where: those that fired, then for an event of the lead those around them."""
    near = [passage for passage in reading.lead if passage not in draft.passages and not passage.has("background")]
    first = draft.passages[0].index
    return [*draft.passages, *sorted(near, key=lambda passage: abs(passage.index - first))[:_NEAR_PASSAGES]]


def _countries(draft: Draft, place: Place | None, codebook: Codebook) -> tuple[str, ...]:
    """Return the countries of all in a role and of those named as parties, sorted."""
    found = {one.country for one in draft.organisations.values() if one.country}
    if len(found) < 2:
        found.update(draft.countries)
    if draft.series:
        found.update(codebook.series[draft.series].countries)
    if draft.type in _PLACED and place and place.country and (draft.type == "presence" or len(found) < _TWO):
        found.add(place.country)
    return tuple(sorted(found))


def _organisations(draft: Draft) -> tuple[Organisation, ...]:
    """Return the organisations, those that run it first, else in the order of the text."""
    order = ("organiser", "host", "party", "participant")
    return tuple(sorted(draft.organisations.values(), key=lambda one: order.index(one.role)))


def _is_regional(
    organisations: Sequence[Organisation], countries: Sequence[str], draft: Draft, codebook: Codebook
) -> bool:
    """Say whether anyone in a role other than participant, or the host of a presence, belongs to the region."""
    series = codebook.series[draft.series].countries if draft.series else ()
    if draft.type == "presence" and countries_are_regional(countries):
        return True
    acting = [one.country for one in organisations if one.role in _REGIONAL_ROLES and one.country]
    return countries_are_regional([*acting, *draft.countries, *series]) or "Central Asia" in draft.regions


def _scope(draft: Draft, countries: Sequence[str], codebook: Codebook) -> Scope:
    """Return how many sides there are: two, one, or more, a body or a region among them."""
    spans = draft.series is not None and len(codebook.series[draft.series].countries) != 2
    bodies = [codebook.organisations.get(key) for key in draft.organisations]
    if (
        len(countries) > 2
        or draft.regions
        or spans
        or any(body is not None and body.country is None for body in bodies)
    ):
        return "multilateral"
    return "bilateral" if len(countries) == 2 else "domestic"


def _edition(draft: Draft) -> str | None:
    """Return the number of the edition as a Roman numeral, where one stands before the name of the series."""
    for passage in draft.passages:
        for hit in (hit for hit in passage.hits if hit.key == draft.series and hit.kind == "series"):
            before = passage.words[max(0, hit.start - 14) : hit.start]
            if found := _EDITION.search(before):
                number = found["roman"] or _roman(int(found["figure"]))
                if number:
                    return number
            ordinals = [mark for mark in passage.concepts.get("ordinal", ()) if 0 <= hit.start - mark.end <= 2]
            if ordinals:
                return _roman(int(ordinals[-1].line.rsplit(".", 1)[-1]))
    return None


def _roman(number: int) -> str | None:
    """Return a small number as a Roman numeral."""
    return _ROMAN[number] if 0 < number < len(_ROMAN) else None


def _label(draft: Draft, organisations: Sequence[Organisation], countries: Sequence[str], codebook: Codebook) -> str:
    """Return one line for people: who, and what kind."""
    kind = draft.type.replace("_", " ")
    if draft.series:
        return f"{codebook.series[draft.series].name}: {kind}"
    names = [one.name for one in organisations] or [*countries, *draft.regions]
    return f"{' – '.join(names[:4])}{' …' if len(names) > 4 else ''}: {kind}"


def _evidence(draft: Draft) -> tuple[Evidence, ...]:
    """Return the quotes: of each passage that fired, then of those that say what a document provides for."""
    seen: set[tuple[str, int]] = set()
    quotes = []
    for candidate in draft.candidates:
        passage = candidate.passage
        if (passage.sentence.field, passage.sentence.start) not in seen:
            seen.add((passage.sentence.field, passage.sentence.start))
            quotes.append(_quote(passage, candidate.span, _rules(candidate)))
    for passage in draft.supporting:
        hits = [hit for hit in passage.hits if hit.key in {"exchange", "joint", "training", "forum", "provide"}]
        span = (hits[0].start, hits[-1].end) if hits else (passage.sentence.start, passage.sentence.start + 1)
        quotes.append(_quote(passage, span, ("agreement.provides",)))
    return tuple(quotes[:_MOST_QUOTES])


def _rules(candidate: Candidate) -> tuple[str, ...]:
    """Return the rule that fired and the lines of the lexicons that fired it."""
    return (candidate.rule.id, *dict.fromkeys(hit.line for hit in candidate.trigger))


def _quote(passage: Passage, span: tuple[int, int], rule_ids: tuple[str, ...]) -> Evidence:
    """Return a verbatim quote of at most 180 characters around what fired, cut between words."""
    start, end = passage.sentence.start, passage.sentence.end
    if end - start > QUOTE_LIMIT_CHARACTERS:
        start, end = _window(passage.words, (start, end), span)
    return Evidence(passage.sentence.field, passage.words[start:end], start, end, rule_ids)


def _window(words: str, sentence: tuple[int, int], span: tuple[int, int]) -> tuple[int, int]:
    """Return the widest span of whole words in a sentence that holds as much of what fired as fits."""
    spare = max(0, QUOTE_LIMIT_CHARACTERS - (span[1] - span[0]))
    start = max(sentence[0], min(span[0] - spare // 2, sentence[1] - QUOTE_LIMIT_CHARACTERS))
    end = min(sentence[1], start + QUOTE_LIMIT_CHARACTERS)
    while start > sentence[0] and start < span[0] and not words[start - 1].isspace():
        start += 1
    while end < sentence[1] and end > start + 1 and not words[end].isspace() and end > span[1]:
        end -= 1
    return start, end
