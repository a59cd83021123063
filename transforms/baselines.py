"""Two simple readers that the coder must beat: by keywords, and by a known organisation with the word of an act.

They use the coder's own lexicons and scanner, so that what lies between is the rules and not the words. They know
nothing of sentences, credits or negation. Called by `flows/evaluate.py`.
"""

from __future__ import annotations

from codebook.load import Codebook
from transforms.coding import MOST_CHARACTERS, lexicon_of
from transforms.hits import Hit
from transforms.language import detect_language
from transforms.matching import scan, scanner_for
from transforms.records import (
    ArticleText,
    CodedArticle,
    Event,
    EventType,
    Organisation,
    digest,
)

_MEDIA = frozenset({"media_actor", "media_topic", "media_people"})
# The words of acts, with the type of event that each suggests; of several the first decides.
_ACTS: dict[str, EventType] = {
    "document": "agreement",
    "sign": "agreement",
    "cooperation": "agreement",
    "forum": "forum",
    "exchange": "content_exchange",
    "joint": "co_production",
    "training": "training",
    "contest": "contest",
    "join": "membership",
    "bureau": "presence",
    "meeting": "meeting",
}
_SURE = 0.5


def code_by_keywords(article: ArticleText, codebook: Codebook) -> CodedArticle:
    """Return relevance alone: co-operation where a word of media and a word of an act stand anywhere."""
    language, hits = _scan(article, codebook)
    named = {hit.key for hit in hits if hit.kind == "concept"}
    is_relevant = bool(named & _MEDIA) and bool(named & _ACTS.keys())
    return CodedArticle(article.id, language, "cooperation" if is_relevant else "none", _SURE)


def code_by_gazetteer(article: ArticleText, codebook: Codebook) -> CodedArticle:
    """Return one crude event where a known organisation and the word of an act stand anywhere."""
    language, hits = _scan(article, codebook)
    named = list(dict.fromkeys(hit.key for hit in hits if hit.kind == "organisation"))
    acts = [hit for hit in hits if hit.kind == "concept" and hit.key in _ACTS]
    if not named or not acts:
        return CodedArticle(article.id, language, "none", _SURE)
    event = _event(article, named, min(acts, key=lambda hit: list(_ACTS).index(hit.key)), codebook)
    return CodedArticle(article.id, language, "cooperation", _SURE, (event,))


def _scan(article: ArticleText, codebook: Codebook) -> tuple[str | None, list[Hit]]:
    """Return an article's language and what its title and text name."""
    words = f"{article.title}\n{article.text}"[:MOST_CHARACTERS]
    language = article.language or detect_language(words[:600])
    lexicon = lexicon_of(language, codebook)
    return language, [] if lexicon is None else scan(words, scanner_for(codebook, lexicon))


def _event(article: ArticleText, named: list[str], act: Hit, codebook: Codebook) -> Event:
    """Return an event of all organisations that are named, concluded, on an unknown day, without evidence."""
    entries = [codebook.organisations[key] for key in named]
    kind = _ACTS[act.key]
    return Event(
        event_id=digest("baseline", article.id),
        type=kind,
        status="concluded",
        label=kind,
        organisations=tuple(Organisation(one.id, one.name, "party", one.country) for one in entries),
        countries=tuple(sorted({one.country for one in entries if one.country})),
        evidence=(),
        confidence=_SURE,
    )
