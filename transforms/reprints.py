"""Which articles republish whose text: by the credit that they give, by the text itself, or by both.

Each article is compared with those of the days before it, in its language, and with nothing else: what it is found to
republish depends on them alone, so that nights in any order give what all texts at once give. Across languages only a
credit tells. Called by `flows` with the texts of some days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

import pandas as pd

from codebook.load import Codebook
from transforms.copies import LEAST_SIMILARITY, candidate_pairs, is_long_enough, is_notice, jaccard, shingles
from transforms.credits import Credit, credit_of, family_of
from transforms.frames import frame_of
from transforms.stories import Likeness

REPRINT_DAYS = 14  # a text that comes again later is an archive, a template or an anniversary
SECONDS_A_DAY = 86_400
# With a credit to its outlet, an article is taken for the source of a rewritten one at this likeness (see `stories`).
LEAST_LIKENESS_CREDITED = 0.3
Basis = Literal["credit", "text", "both"]


@dataclass(frozen=True, slots=True)
class Reprint:
    """A row of core.reprints; what only the text tells is None where a credit alone tells of the reprint."""

    article_id: str
    outlet_id: str
    source_outlet_id: str | None
    source_organisation_id: str | None
    original_article_id: str | None
    basis: Basis
    similarity: float | None  # share of shingles in common, 0 to 1
    credit: str | None
    lag_seconds: float | None


class Match(NamedTuple):
    """An earlier article with the text of a later one: position, and the share of shingles in common."""

    early: int
    similarity: float


def find_reprints(
    articles: pd.DataFrame, likenesses: Sequence[Likeness], outlets: Mapping[str, str | None], codebook: Codebook
) -> pd.DataFrame:
    """Return one row, as `Reprint`, for each article with `is_target` that republishes a text of another outlet.

    Reads the columns article_id, outlet_id, owner, title, text, author, language, told_at (aware) and is_target;
    `likenesses` are those of the same articles, `outlets` gives the owner of each outlet of the catalogue.
    """
    ordered = articles.sort_values(["told_at", "article_id"])
    alike = {(one.late, one.early): one.score for one in likenesses}
    found: list[Reprint] = []
    for _, group in ordered.groupby("language", dropna=False):
        texts = _Texts([{str(k): v for k, v in row.items()} for row in group.to_dict("records")], alike)
        matches = texts.matches()
        for late, article in enumerate(texts.records):
            if article["is_target"]:
                found += _reprint(texts, late, matches.get(late, []), outlets, codebook)
    return frame_of(sorted(found, key=lambda one: one.article_id), Reprint)


@dataclass(frozen=True)
class _Texts:
    """The articles of one language, earliest first, and which later ones are like which earlier ones."""

    records: list[dict[str, Any]]
    alike: Mapping[tuple[str, str], float]

    @cached_property
    def _seen(self) -> dict[int, frozenset[str]]:
        """The shingles of the texts that were compared one with one: few of all."""
        return {}

    def _shingles_of(self, place: int) -> frozenset[str]:
        """Return the shingles of a text."""
        if place not in self._seen:
            self._seen[place] = shingles(str(self.records[place]["text"]))
        return self._seen[place]

    @cached_property
    def alike_before(self) -> Mapping[int, list[int]]:
        """By position, the earlier articles that are like an article, earliest first."""
        places = {str(record["article_id"]): n for n, record in enumerate(self.records)}
        found: dict[int, list[int]] = defaultdict(list)
        for late, early in self.alike:
            if late in places and early in places:
                found[places[late]].append(places[early])
        return {late: sorted(early) for late, early in found.items()}

    def matches(self) -> dict[int, list[Match]]:
        """Return by position the earlier articles with the same text, earliest first."""
        places: list[int] = []
        matches: dict[int, list[Match]] = defaultdict(list)
        for one, other in candidate_pairs(self._long_enough(places)):
            early, late = places[one], places[other]
            if self.records[late]["is_target"] and self.lag(late, early) <= REPRINT_DAYS * SECONDS_A_DAY:
                share = self.similarity(late, early)
                if share >= LEAST_SIMILARITY and not self.is_notice(late, early):
                    matches[late].append(Match(early, share))
        return matches

    def _long_enough(self, places: list[int]) -> Iterator[frozenset[str]]:
        """Yield the shingles of the texts that can be told from others, noting their positions."""
        for place, record in enumerate(self.records):
            found = shingles(str(record["text"]))
            if is_long_enough(found):
                places.append(place)
                yield found

    def is_notice(self, one: int, other: int) -> bool:
        """Say whether two articles are one form filled in twice."""
        pair = [(str(self.records[n]["title"]), str(self.records[n]["text"])) for n in (one, other)]
        return is_notice(pair[0], pair[1])

    def similarity(self, one: int, other: int) -> float:
        """Return the share of shingles that two texts have in common."""
        return jaccard(self._shingles_of(one), self._shingles_of(other))

    def lag(self, late: int, early: int) -> float:
        """Return the seconds between two articles."""
        lag: float = (self.records[late]["told_at"] - self.records[early]["told_at"]).total_seconds()
        return lag


def _reprint(
    texts: _Texts, late: int, matches: Sequence[Match], outlets: Mapping[str, str | None], codebook: Codebook
) -> Iterator[Reprint]:
    """Yield the row of an article, if it republishes anything."""
    article = texts.records[late]
    credit = _credit(article, codebook)
    source = credit.organisation_id if credit else None
    foreign = _foreign(texts, late, matches)
    credited = [match for match in foreign if source and _is_of(texts.records[match.early], source)]
    match = next(iter(credited or foreign), None)
    if match is None and source:
        match = _rewritten(texts, late, source)
    if match is None and source is None:
        return
    yield Reprint(
        article_id=str(article["article_id"]),
        outlet_id=str(article["outlet_id"]),
        source_outlet_id=_source_outlet(texts, match, source, outlets),
        source_organisation_id=source,
        original_article_id=str(texts.records[match.early]["article_id"]) if match else None,
        basis="text" if not source else "both" if foreign else "credit",
        similarity=match.similarity if match else None,
        credit=credit.written if credit else None,
        lag_seconds=texts.lag(late, match.early) if match else None,
    )


def _credit(article: Mapping[str, Any], codebook: Codebook) -> Credit | None:
    """Return the foreign source that an article names."""
    language, owner, author = (_text_or_none(article[name]) for name in ("language", "owner", "author"))
    own = family_of(str(article["outlet_id"]), owner, codebook)
    return credit_of(str(article["text"]), language, codebook, own, author)


def _foreign(texts: _Texts, late: int, matches: Sequence[Match]) -> list[Match]:
    """Return the matches with other outlets; none where the outlet itself had the text before them."""
    own = texts.records[late]["outlet_id"]
    if matches and texts.records[matches[0].early]["outlet_id"] == own:
        return []
    return [match for match in matches if texts.records[match.early]["outlet_id"] != own]


def _rewritten(texts: _Texts, late: int, source: str) -> Match | None:
    """Return the earliest article of the credited source that tells the same in other words."""
    article = texts.records[late]
    for early in texts.alike_before.get(late, []):
        other = texts.records[early]
        score = texts.alike[article["article_id"], other["article_id"]]
        if score >= LEAST_LIKENESS_CREDITED and _is_of(other, source) and not texts.is_notice(late, early):
            return Match(early, texts.similarity(late, early))
    return None


def _is_of(article: Mapping[str, Any], organisation_id: str) -> bool:
    """Say whether an article is an organisation's: its outlet's, or an outlet's that it owns."""
    return organisation_id in (article["outlet_id"], article["owner"])


def _source_outlet(
    texts: _Texts, match: Match | None, source: str | None, outlets: Mapping[str, str | None]
) -> str | None:
    """Return the outlet that is republished: the credited one, else, without a credit, the original's.

    A credited organisation that has several outlets here, or none, leaves it open unless the text tells.
    """
    found = texts.records[match.early] if match else None
    if found and (source is None or _is_of(found, source)):
        return str(found["outlet_id"])
    if source in outlets:
        return source
    owned = [outlet_id for outlet_id, owner in outlets.items() if owner == source]
    return owned[0] if len(owned) == 1 and source else None


def _text_or_none(value: object) -> str | None:
    """Return a cell's text; None where it is empty."""
    return str(value) if isinstance(value, str) and value else None


def text_roots(reprints: pd.DataFrame) -> dict[str, str]:
    """Return for each reprint whose original is known the article at the beginning of its chain."""
    known = reprints.dropna(subset=["original_article_id"])
    before = dict(zip(known["article_id"], known["original_article_id"], strict=True))
    roots = {}
    for article_id, original in before.items():
        root, seen = original, {article_id}
        while root in before and root not in seen:
            seen.add(root)
            root = before[root]
        roots[str(article_id)] = str(root)
    return roots
