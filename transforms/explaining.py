"""Why the coder said what it said of one article: each sentence with what fired in it, and what became of it.

It asks the coder's own steps for what they found (`reading_of`, `candidates`, `discarded_by`, `drafts_of`,
`probability`, `independent`) and decides nothing itself. All that is coupled to the coder's inner steps lies here.
Pure; called by `flows/explain.py`, which prints it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from codebook.load import Codebook
from transforms.coding import accepted, judged, lexicon_of, reading_of
from transforms.coding_drafts import drafts_of
from transforms.coding_type import Candidate, candidates, discarded_by, trigger_of
from transforms.concepts import MEDIA_WORDS
from transforms.draft import Draft
from transforms.event_dates import EventDate, dates_in, publication_day
from transforms.hits import Hit, spans_overlap
from transforms.passages import Passage, Reading
from transforms.records import ArticleText, CodedArticle, Event
from transforms.second_opinion import LEAST_PROBABILITY, features
from transforms.sentences import split_sentences

MarkKind = Literal["act", "organisation", "media", "place", "cue"]
_MARK_ORDER: tuple[MarkKind, ...] = ("act", "organisation", "media", "place", "cue")
_MOST_REASONS = 5  # of the second opinion


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a sentence that count, by what they are; offsets are those of the sentence."""

    start: int
    end: int
    kind: MarkKind


@dataclass(frozen=True, slots=True)
class SentenceTold:
    """A sentence that mattered: where it stands, its words, what is marked in them, and what came of it."""

    place: str
    text: str
    marks: tuple[Mark, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article was coded as it was."""

    coded: CodedArticle
    title: str
    remarks: tuple[str, ...]  # on the whole article
    struck: tuple[str, ...]  # datelines and credits, which name no party and no date
    sentences: tuple[SentenceTold, ...]
    drafts: tuple[tuple[str, tuple[str, ...]], ...]  # each possible event in a line, and the reasons


@dataclass(frozen=True, slots=True)
class _Steps:
    """What the coder's steps found: drafts that stand, how sure rules and second opinion are, and the kept ones."""

    drafts: tuple[Draft, ...]
    scores: tuple[float, ...]
    chances: tuple[float, ...]
    reasons: tuple[str, ...]  # of the second opinion
    kept: tuple[Draft, ...]


def explain(article: ArticleText, coded: CodedArticle, codebook: Codebook) -> Explanation:
    """Return why an article was coded so; `coded` is what the coder said of it."""
    lexicon = lexicon_of(coded.language, codebook)
    if lexicon is None:
        remark = f"there is no lexicon for the language {coded.language or 'of this text, which was not recognised'}"
        return Explanation(coded, article.title, (remark,), (), (), ())
    reading = reading_of(article, lexicon, codebook)
    steps = _steps(reading, codebook)
    return Explanation(
        coded,
        article.title,
        tuple(_remarks(reading, steps, coded)),
        tuple(_struck(reading)),
        tuple(told for passage in _passages(reading, steps) if (told := _sentence(passage, reading, steps, codebook))),
        tuple(_drafts(reading, steps, coded)),
    )


def _steps(reading: Reading, codebook: Codebook) -> _Steps:
    """Take the coder's steps from sentences to events, and keep what each of them found."""
    drafts = drafts_of(reading, codebook)
    scores = tuple(draft.score for draft in drafts)
    reasons = tuple(_second_opinion(draft, reading, codebook) for draft in drafts)
    chances = judged(drafts, reading, codebook)
    return _Steps(tuple(drafts), scores, tuple(chances), reasons, tuple(accepted(drafts, chances, reading)))


def _second_opinion(draft: Draft, reading: Reading, codebook: Codebook) -> str:
    """Return what weighed most in the second opinion on a draft."""
    weighed = {
        name: codebook.weights.get(name, 0.0) * value for name, value in features(draft, reading, codebook).items()
    }
    heaviest = sorted((name for name in weighed if weighed[name]), key=lambda name: (-abs(weighed[name]), name))
    return ", ".join(f"{name} {weighed[name]:+.2f}" for name in heaviest[:_MOST_REASONS])


def _remarks(reading: Reading, steps: _Steps, coded: CodedArticle) -> Iterator[str]:
    """Yield what is to be said of the whole article."""
    if steps.kept and not coded.events:
        yield "the coder went no further than the first look: nothing in it can report an event"
    if any(passage.has("denied") for passage in reading.passages if passage.index <= 2):
        yield "its head denies that something was agreed"
    if not any(candidates(passage, passage.codebook) for passage in reading.passages):
        yield "no sentence holds the words of any rule"


def _struck(reading: Reading) -> Iterator[str]:
    """Yield the parts of the text that are struck: datelines, and organisations that are only credited."""
    starts = {(one.sentence.field, one.sentence.index): one.sentence.start for one in reading.passages}
    text = reading.article.text
    for sentence in split_sentences(text):
        start = starts.get((sentence.field, sentence.index), sentence.end)
        if start > sentence.start:
            yield f"dateline or credit: {text[sentence.start : start].strip()}"
    for passage in reading.passages:
        for hit in passage.credited:
            yield f"credited, no party: {passage.words[hit.start : hit.end]} ({hit.line}), {_place(passage)}"


def _passages(reading: Reading, steps: _Steps) -> list[Passage]:
    """Return the sentences, and where the coder read two of them as one, those too."""
    joined = [passage for draft in steps.drafts for passage in draft.passages if passage not in reading.passages]
    return [*reading.passages, *dict.fromkeys(joined)]


def _place(passage: Passage) -> str:
    """Return where a passage stands, counted as people do."""
    return "title" if passage.index < 0 else f"sentence {passage.index + 1}"


def _sentence(passage: Passage, reading: Reading, steps: _Steps, codebook: Codebook) -> SentenceTold | None:
    """Return a passage with what fired in it; None where nothing did."""
    found = candidates(passage, codebook)
    discarded = list(_discarded(passage, found, codebook))
    provides = [draft for draft in steps.drafts if passage in draft.supporting]
    if not found and not discarded and not provides:
        return None
    remarks = [_fired(one) + f": {_became(one, found, reading, steps)}" for one in found]
    for one in discarded:
        row = discarded_by(one, codebook)
        remarks.append(_fired(one) + f": discarded by {row.id}, {row.reason}" if row else _fired(one))
    remarks += [f"says what the document of “{_line(draft)}” provides for" for draft in provides]
    triggers = {hit for one in (*found, *discarded) for hit in one.trigger}
    return SentenceTold(_place(passage), passage.text, _marks(passage, triggers), tuple(remarks))


def _discarded(passage: Passage, found: Sequence[Candidate], codebook: Codebook) -> Iterator[Candidate]:
    """Yield what would have been candidates of a passage but for the discard list: one of each type."""
    seen = {one.type for one in found}
    for rule in codebook.rules:
        trigger = None if rule.type in seen else trigger_of(rule, passage)
        if trigger is not None:
            candidate = Candidate(passage, rule, trigger, "concluded")
            seen.add(candidate.type)
            if discarded_by(candidate, codebook) is not None:
                yield candidate


def _fired(candidate: Candidate) -> str:
    """Return the rule that fired and by which lines of the lexicons."""
    words = [
        f"{candidate.passage.words[hit.start : hit.end]} ({hit.key}, {hit.line})"
        for hit in sorted(candidate.trigger, key=lambda hit: hit.start)
    ]
    return f"rule {candidate.rule.id} [{candidate.rule.weight:.2f}] by {' + '.join(words)}"


def _became(candidate: Candidate, found: Sequence[Candidate], reading: Reading, steps: _Steps) -> str:
    """Return what came of a candidate."""
    for number, draft in enumerate(steps.drafts, start=1):
        for place, one in enumerate(draft.candidates):
            if one.passage is candidate.passage and one.rule.id == candidate.rule.id:
                return f"{'opens' if place == 0 else 'joins'} possible event {number}, {candidate.status}"
    return f"comes to no event: {_why_not(candidate, found, reading)}"


def _why_not(candidate: Candidate, found: Sequence[Candidate], reading: Reading) -> str:
    """Return why a candidate came to nothing, as far as its sentence alone shows it."""
    passage = candidate.passage
    if passage.has("denied"):
        return "the sentence denies it"
    if any(one.rule.weight > candidate.rule.weight for one in found):
        return "another rule weighs more in this sentence"
    if not passage.speaks_of_media and not any(one.media_organisations for one in reading.context(passage)):
        return "nothing here or beside it speaks of media"
    if passage.has("background") and passage.index >= 2:
        return "it is told as background"
    if not passage.is_lead:
        return "so late it would need two organisations or a surer rule, sides enough, and a border crossed"
    return "not sides enough, no media among them, or no border crossed"


def _marks(passage: Passage, triggers: set[Hit]) -> tuple[Mark, ...]:
    """Return what is marked in a passage; of words that overlap the weightier kind, then the longer one, stays."""
    start = passage.sentence.start
    hits = {hit: _kind(hit, triggers) for hit in passage.hits}
    ordered = sorted(hits, key=lambda hit: (_MARK_ORDER.index(hits[hit]), hit.start - hit.end, hit.start))
    kept: list[Hit] = []
    for hit in ordered:
        if not any(spans_overlap((hit.start, hit.end), (one.start, one.end)) for one in kept):
            kept.append(hit)
    end = passage.sentence.end - start
    marks = [Mark(max(0, hit.start - start), min(end, hit.end - start), hits[hit]) for hit in kept]
    return tuple(sorted((mark for mark in marks if mark.start < mark.end), key=lambda mark: mark.start))


def _kind(hit: Hit, triggers: set[Hit]) -> MarkKind:
    """Return what the words of a hit are to the coder."""
    if hit.kind in {"organisation", "series"}:
        return "organisation"
    if hit.kind == "place":
        return "place"
    if hit in triggers:
        return "act"
    return "media" if hit.key in MEDIA_WORDS else "cue"


def _drafts(reading: Reading, steps: _Steps, coded: CodedArticle) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each possible event in a line, with how sure it is, when it was, and whether it became one."""
    events = dict(zip(map(id, steps.kept), coded.events, strict=False))
    parts = zip(steps.drafts, steps.scores, steps.chances, steps.reasons, strict=True)
    for draft, score, chance, reasons in parts:
        weight = max(one.rule.weight for one in draft.candidates)
        rest = f"{score - weight:+.2f} for its place, who is named and its {len(draft.candidates)} sentences"
        remarks = [
            f"rules {score:.2f} = heaviest rule {weight:.2f} {rest}",
            f"second opinion {chance:.2f}: {reasons or 'nothing weighed'}",
            f"sides: {_sides(draft)}",
            *_dates(draft, reading),
        ]
        event = events.get(id(draft))
        yield _line(draft), (*remarks, _verdict(draft, chance, event, steps))


def _line(draft: Draft) -> str:
    """Return a draft in one line."""
    return f"{draft.type.replace('_', ' ')}, {draft.status}"


def _sides(draft: Draft) -> str:
    """Return who takes part."""
    named = [
        f"{one.name} ({one.role}{'' if one.id else ', not in the gazetteer'})" for one in draft.organisations.values()
    ]
    return "; ".join([*named, *draft.countries, *draft.regions, *([draft.series] if draft.series else [])]) or "none"


def _dates(draft: Draft, reading: Reading) -> Iterator[str]:
    """Yield the dates that the draft's own sentences name."""
    published = publication_day(reading.article.published_at, reading.article.time_zone)
    for passage in dict.fromkeys(draft.passages):
        for item in dates_in(passage, published):
            yield f"date in the {_place(passage)}: {_span(item)}"


def _span(item: EventDate | Event) -> str:
    """Return a date with how fine it is and what it rests on."""
    if isinstance(item, Event):
        first, last, fine, basis = item.date_start, item.date_end, item.date_granularity, item.date_basis
    else:
        first, last, fine, basis = item.start, item.end, item.granularity, item.basis
    days = "unknown" if first is None else f"{first}" if first == last else f"{first} to {last or 'open'}"
    return f"{days} ({fine}, {basis})"


def _verdict(draft: Draft, chance: float, event: Event | None, steps: _Steps) -> str:
    """Return whether a draft became an event, or why not."""
    if event is not None:
        return f"IS AN EVENT ({event.outcome}, {event.confidence:.2f}): {event.label}, {event.status}, {_span(event)}"
    if chance < LEAST_PROBABILITY:
        return f"dropped: {chance:.2f} is less than {LEAST_PROBABILITY}"
    if draft not in steps.kept:
        return "dropped: another event of the same parties covers it"
    return "dropped at the first look"
