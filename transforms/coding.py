"""Code one article: which media-cooperation events it reports, with evidence.

`code_article` is pure and deterministic. It scans the text once, lets the rules propose candidates sentence by
sentence, joins what tells of one event, and fills in parties, dates and place. It calls nobody outside the room;
`flows` calls it for every article, `monitor code` for an analyst's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from codebook.load import Codebook
from transforms.coding_drafts import drafts_of
from transforms.coding_events import finish
from transforms.coding_stands import independent
from transforms.concepts import SURE_RULE
from transforms.draft import LEAST_SCORE, Draft
from transforms.gate import asked_of, gate_for, may_matter, may_report, may_stand_near
from transforms.hits import Hit
from transforms.language import detect_language
from transforms.matching import finds, folded_text, scan, scanner_for, sight
from transforms.passages import Reading, joined, lead_end, read
from transforms.records import ArticleText, CodedArticle, Relevance
from transforms.second_opinion import LEAST_PROBABILITY, probability
from transforms.settling import settle, unmasked

_LANGUAGE_SAMPLE_CHARACTERS = 600
# Longer than any news item; beyond it a hostile page would cost seconds, because matching is not linear in the hits.
MOST_CHARACTERS = 20_000
_CERTAIN = 0.8  # of an article that reports nothing


@dataclass(frozen=True, slots=True)
class CodingOptions:
    """What the coder makes use of; an evaluation turns a part off to see what it is worth."""

    strikes_credits: bool = True
    reads_beyond_lead: bool = True
    asks_linear: bool = True
    knows_names: bool = True


def code_article(article: ArticleText, codebook: Codebook, options: CodingOptions = CodingOptions()) -> CodedArticle:
    """Return the events that an article reports; an article in a language without a lexicon has relevance "none".

    Of a text the first 20,000 characters are read.
    """
    article = replace(article, title=article.title[:MOST_CHARACTERS], text=article.text[:MOST_CHARACTERS])
    language = article.language or detect_language(f"{article.title}\n{article.text}"[:_LANGUAGE_SAMPLE_CHARACTERS])
    lexicon = lexicon_of(language, codebook)
    if lexicon is None:
        return CodedArticle(article.id, language, "none", 0.0)
    folded, gate = folded_text(joined(article)), gate_for(codebook, lexicon)
    scanner = scanner_for(codebook, lexicon)
    asked, others = asked_of(sight(folded, scanner), gate)
    found = finds(folded, asked, scanner) if may_matter(asked, gate) else []
    hits, above = unmasked(found), lead_end(article) if found else 0
    is_open = may_report(hits, gate, above)
    if not is_open and not may_stand_near(hits, above):
        return CodedArticle(article.id, language, "none", _CERTAIN)
    named = settle(folded.text, [*found, *finds(folded, others, scanner)])
    reading = _reading(article, lexicon, codebook, named, options)
    drafts = drafts_of(reading, codebook) if is_open else []
    chances = judged(drafts, reading, codebook) if options.asks_linear else [draft.score for draft in drafts]
    told = accepted(drafts, chances, reading, LEAST_PROBABILITY if options.asks_linear else LEAST_SCORE)
    relevance, confidence = _relevance(reading, told)
    events = tuple(finish(draft, ordinal, reading, codebook) for ordinal, draft in enumerate(told))
    return CodedArticle(article.id, language, relevance, confidence, events)


def reading_of(article: ArticleText, lexicon: str, codebook: Codebook) -> Reading:
    """Return an article as the coder reads it, whether it matters or not: for those who explain, train or measure."""
    hits = scan(joined(article), scanner_for(codebook, lexicon))
    return _reading(article, lexicon, codebook, hits, CodingOptions())


def _reading(
    article: ArticleText, lexicon: str, codebook: Codebook, hits: Sequence[Hit], options: CodingOptions
) -> Reading:
    """Return an article with what its sentences name, less what the options turn off."""
    if not options.knows_names:
        hits = [hit for hit in hits if hit.kind not in {"organisation", "series"}]
    reading = read(article, lexicon, codebook, hits, strikes_credits=options.strikes_credits)
    return reading if options.reads_beyond_lead else replace(reading, passages=tuple(reading.lead))


def judged(drafts: Sequence[Draft], reading: Reading, codebook: Codebook) -> list[float]:
    """Return how likely each draft is an event: the second opinion, which a rule that hardly ever errs outvotes."""
    chances = [probability(draft, reading, codebook) for draft in drafts]
    return [max(chance, _least(draft)) for draft, chance in zip(drafts, chances, strict=True)]


def _least(draft: Draft) -> float:
    """Return how likely a draft is at the least, by its rules alone."""
    is_sure = any(candidate.rule.weight >= SURE_RULE for candidate in draft.candidates)
    return LEAST_PROBABILITY if is_sure else 0.0


def accepted(
    drafts: Sequence[Draft], chances: Sequence[float], reading: Reading, least: float = LEAST_PROBABILITY
) -> list[Draft]:
    """Return the drafts that are events; the score of each becomes how sure that is."""
    for draft, chance in zip(drafts, chances, strict=True):
        draft.score = chance
    return independent([draft for draft in drafts if draft.score >= least], reading)


def lexicon_of(language: str | None, codebook: Codebook) -> str | None:
    """Return the lexicon that serves a language tag: the tag itself, else its first part; None where there is none."""
    if language is None:
        return None
    known = (*codebook.scripts, *codebook.languages)
    return next((tag for tag in (language, language.split("-")[0]) if tag in known), None)


def _relevance(reading: Reading, drafts: list[Draft]) -> tuple[Relevance, float]:
    """Return whether an article reports co-operation, only stands near it, or neither, and how sure that is."""
    if drafts:
        return "cooperation", max(draft.score for draft in drafts)
    lead = [passage for passage in reading.passages if passage.index < 4]
    media = sum(any(key in passage.concepts for key in ("media_actor", "media_people")) for passage in lead)
    crosses = any("abroad" in passage.concepts for passage in lead) or len(_countries(reading)) > 1
    is_culture = any("culture_days" in passage.concepts for passage in reading.passages)
    if (media >= 2 and crosses) or is_culture:
        return "adjacent", 0.6
    return "none", _CERTAIN


def _countries(reading: Reading) -> set[str]:
    """Return the countries that title and first sentences name."""
    lead = [passage for passage in reading.passages if passage.index < 4]
    places = [passage.codebook.places[hit.key] for passage in lead for hit in passage.hits if hit.kind == "place"]
    return {place.country for place in places if place.country}
