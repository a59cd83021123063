"""Pairs of real news texts that people judged: the same story or not.

Two things are measured: whether what we call a copy is never of another story, and how well grouping by likeness does,
at our threshold and at the best one in hindsight, beside plain word Jaccard at its own best. The pairs carry no
publication times, so all count as told on one day; pairs of one story were picked to be hard, which a night's are not,
and of different stories to be close. Called by `conformance`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.figures import Figure
from transforms.copies import LEAST_SIMILARITY, is_long_enough, is_notice, jaccard, shingles, words_of
from transforms.stories import LEAST_LIKENESS, likeness

_LANGUAGES: Final = ("ru", "en")
_Article = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Grouping:
    """How a threshold parts pairs: those of one story it joins, others it joins, and those of one story it parts."""

    threshold: float
    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)

    def __str__(self) -> str:
        return f"at {self.threshold:.2f}: {self.right} right, {self.wrong} wrong, {self.missed} missed"


def measure(data: Path) -> list[Figure]:
    """Return the figures of the pairs in DATA/stories."""
    with (data / "stories" / "samestory_pairs_dev.jsonl").open(encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines]
    copies = [bool(pair["same"]) for pair in pairs if _is_copy(pair["a"], pair["b"])]
    note = f"{len(copies)} of {len(pairs)} pairs are copies"
    figures = [Figure("stories.copies_precision", sum(copies) / max(1, len(copies)), len(copies), note)]
    for language in _LANGUAGES:
        figures += _of_language([pair for pair in pairs if pair["lang"] == language], language)
    return figures


def grouping(scores: Iterable[tuple[float, bool]], threshold: float) -> Grouping:
    """Return how a threshold parts pairs, given as score and whether they are one story."""
    told = list(scores)
    right = sum(score >= threshold and is_same for score, is_same in told)
    wrong = sum(score >= threshold and not is_same for score, is_same in told)
    return Grouping(threshold, right, wrong, sum(is_same for _, is_same in told) - right)


def best_grouping(scores: Sequence[tuple[float, bool]]) -> Grouping:
    """Return the grouping of the threshold with the best F1 in hindsight."""
    return max((grouping(scores, threshold) for threshold, _ in scores), key=lambda one: (one.f1, one.threshold))


def _of_language(pairs: Sequence[dict[str, Any]], language: str) -> Iterator[Figure]:
    """Yield the figures of one language."""

    def scored(score: Callable[[_Article, _Article], float]) -> list[tuple[float, bool]]:
        return [(score(pair["a"], pair["b"]), bool(pair["same"])) for pair in pairs]

    ours, plain = scored(_likeness), best_grouping(scored(_word_jaccard))
    night, best = grouping(ours, LEAST_LIKENESS), best_grouping(ours)
    joined = night.right + night.wrong
    yield Figure(f"stories.precision.{language}", night.right / max(1, joined), joined, str(night))
    yield Figure(f"stories.f1.{language}", night.f1, len(pairs), f"as a night groups; {night}")
    yield Figure(f"stories.best_f1.{language}", best.f1, len(pairs), str(best))
    yield Figure(f"stories.word_jaccard_f1.{language}", plain.f1, len(pairs), f"the same with word Jaccard; {plain}")


def _likeness(one: _Article, other: _Article) -> float:
    """Return how like two articles are, as stories are found: one form filled in twice is not."""
    return 0.0 if _is_notice(one, other) else likeness(one, other)


def _word_jaccard(one: _Article, other: _Article) -> float:
    """Return the share of words that two articles have in common."""
    words = [frozenset(words_of(f"{article['title']} {article['text']}")) for article in (one, other)]
    return jaccard(words[0], words[1])


def _is_copy(one: _Article, other: _Article) -> bool:
    """Say whether two articles have one text, as reprints are found."""
    found = [shingles(str(article["text"])) for article in (one, other)]
    is_alike = all(map(is_long_enough, found)) and jaccard(found[0], found[1]) >= LEAST_SIMILARITY
    return is_alike and not _is_notice(one, other)


def _is_notice(one: _Article, other: _Article) -> bool:
    """Say whether two articles are one form filled in twice."""
    return is_notice((one["title"], one["text"]), (other["title"], other["text"]))
