"""An article as the coder reads it: sentences of title and text, each with what it names, credits struck out.

Called by `coding`; the modules beside it (`coding_type`, `coding_parties`, `event_dates`) ask passages and never the
raw text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise

from codebook.load import Codebook
from transforms.attribution import Span, struck_spans
from transforms.concepts import CULTURE, LEAD_SENTENCES, MEDIA_KINDS, MEDIA_WORDS, SURE_RULE, asked_for
from transforms.hits import Hit, spans_overlap
from transforms.records import ArticleText
from transforms.sentences import FieldName, Sentence, end_of_sentences, split_sentences

HEAD = 2  # the last sentence of an article's head
_KEPT_LATE = frozenset({"document", "document_reference", "denied", CULTURE})
_PARTIES = frozenset({"organisation", "series"})
_PARTING = "\n\n\n\n"  # wider than any gap between two words of one form


@dataclass(frozen=True, eq=False)
class Passage:
    """One sentence with its hits; `index` is -1 for the title, `words` is the article's field that it lies in."""

    sentence: Sentence
    words: str
    hits: tuple[Hit, ...]  # credits left out
    credited: tuple[Hit, ...]  # organisations that are only credited here
    codebook: Codebook
    home: str | None = None  # the country of the outlet

    @property
    def index(self) -> int:
        """The number of the sentence in the text; -1 is the title."""
        return self.sentence.index

    @property
    def is_lead(self) -> bool:
        """Whether this passage may create an event without strong evidence."""
        return self.index < LEAD_SENTENCES

    @property
    def text(self) -> str:
        """The sentence itself."""
        return self.words[self.sentence.start : self.sentence.end]

    @cached_property
    def concepts(self) -> dict[str, list[Hit]]:
        """The hits of each concept, and of the special ones that are entries of the gazetteer."""
        found: dict[str, list[Hit]] = {}
        for hit in self.hits:
            for key in asked_for(hit.kind, hit.key, hit.line, self.codebook):
                found.setdefault(key, []).append(hit)
        return found

    @property
    def organisations(self) -> list[Hit]:
        """The organisations named, in order, repetitions included."""
        return [hit for hit in self.hits if hit.kind == "organisation"]

    @property
    def media_organisations(self) -> set[str]:
        """The ids of the media organisations that act here."""
        return {h.key for h in self.organisations if self.codebook.organisations[h.key].kind in MEDIA_KINDS}

    @property
    def speaks_of_media(self) -> bool:
        """Whether a media organisation, actor or topic is named."""
        return not MEDIA_WORDS.isdisjoint(self.concepts)

    def has(self, *concepts: str) -> bool:
        """Say whether all of these concepts are named."""
        return all(concept in self.concepts for concept in concepts)


@dataclass(frozen=True)
class Reading:
    """A whole article: its title, then its sentences."""

    article: ArticleText
    language: str
    passages: tuple[Passage, ...]

    @cached_property
    def denying(self) -> list[int]:
        """The passages of the title and the head that deny something."""
        return [
            passage.index for passage in self.passages[: HEAD + 2] if passage.index <= HEAD and passage.has("denied")
        ]

    def field(self, name: FieldName) -> str:
        """Return the title or the text as given."""
        return self.article.title if name == "title" else self.article.text

    @property
    def lead(self) -> list[Passage]:
        """The title and the first sentences, which tell of the article's main event."""
        return [passage for passage in self.passages if passage.is_lead]

    @property
    def pairs(self) -> Iterator[Passage]:
        """The neighbouring sentences of the lead, each two as one: evidence may stand in both."""
        told = [passage for passage in self.lead if passage.sentence.field == "text"]
        for first, second in pairwise(told):
            sentence = replace(first.sentence, end=second.sentence.end)
            hits, credited = first.hits + second.hits, first.credited + second.credited
            yield Passage(sentence, first.words, hits, credited, first.codebook, first.home)

    def context(self, passage: Passage) -> list[Passage]:
        """Return what a passage of the lead is read together with: the title and the passages beside it."""
        if not passage.is_lead:
            return []
        near = [self.passages[0], *self.around(passage)]
        return [other for other in dict.fromkeys(near) if other is not passage and other.is_lead]

    def around(self, passage: Passage) -> list[Passage]:
        """Return the passages beside one in the text: the one before, then the one after."""
        position = next(n for n, one in enumerate(self.passages) if one.index == passage.index)
        near = [self.passages[n] for n in (position - 1, position + 1) if 0 <= n < len(self.passages)]
        return [other for other in near if other.sentence.field == passage.sentence.field]


def joined(article: ArticleText) -> str:
    """Return title and text as one, to be scanned together: a homonym explained in one counts in the other."""
    return f"{article.title}{_PARTING}{article.text}"


def lead_end(article: ArticleText) -> int:
    """Return where the lead ends in title and text joined."""
    return len(article.title) + len(_PARTING) + end_of_sentences(article.text, LEAD_SENTENCES)


def read(
    article: ArticleText, language: str, codebook: Codebook, hits: Sequence[Hit], strikes_credits: bool = True
) -> Reading:
    """Return an article with everything that its sentences name; the hits are those of title and text joined."""
    start, home = len(article.title) + len(_PARTING), article.outlet_country
    in_title = [hit for hit in hits if hit.start < start]
    in_text = [Hit(kind, key, line, at - start, end - start) for kind, key, line, at, end in hits if at >= start]
    passages = [
        *_passages(article.title, "title", codebook, in_title, strikes_credits, home),
        *_passages(article.text, "text", codebook, in_text, strikes_credits, home),
    ]
    return Reading(article, language, tuple(passages))


def _passages(
    words: str, field: FieldName, codebook: Codebook, hits: Sequence[Hit], strikes_credits: bool, home: str | None
) -> Iterable[Passage]:
    """Yield the passages of a field; datelines yield none."""
    sentences = split_sentences(words, field)
    struck = sorted(struck_spans(words, sentences, hits)) if strikes_credits else []
    starts, late = [hit.start for hit in hits], _kept_late(codebook)
    for sentence in sentences:
        inside = hits[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        if sentence.index >= LEAD_SENTENCES and not any(h.kind in _PARTIES or h.key in late for h in inside):
            continue  # below the lead only what names parties, a document or a sure sign is worth reading
        nearby = [span for span in struck if spans_overlap(span, (sentence.start, sentence.end))]
        kept = tuple(hit for hit in inside if not _is_struck(hit, nearby)) if nearby else tuple(inside)
        credited = tuple(hit for hit in inside if hit.kind == "organisation" and _is_struck(hit, nearby))
        head = max((end for start, end in nearby if start <= sentence.start < end), default=sentence.start)
        if head < sentence.end:
            begun = replace(sentence, start=_after_blanks(words, head))
            yield Passage(begun, words, kept, credited, codebook, home)


@lru_cache(maxsize=8)
def _kept_late(codebook: Codebook) -> frozenset[str]:
    """Return the concepts for which a sentence below the lead is read."""
    return _KEPT_LATE.union(*(rule.all for rule in codebook.rules if rule.weight >= SURE_RULE))


def _after_blanks(words: str, position: int) -> int:
    """Return where the next word begins."""
    while position < len(words) and words[position].isspace():
        position += 1
    return position


def _is_struck(hit: Hit, struck: Sequence[Span]) -> bool:
    """Say whether a hit lies in a credit or a dateline; the words of acts stay, wherever they stand."""
    return any(spans_overlap((hit.start, hit.end), span) for span in struck)
