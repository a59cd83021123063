"""Articles that tell one story in one language, copied or in other words: which earlier article each one follows.

Two articles are alike by the stems of their words: the cosine of the texts, with a quarter of the weight on the titles.
An article follows the earliest article of the last days that is like it; who follows nobody begins a story, and a story
is named after the article that begins it. Each article depends on those of the days before it alone, so nights in any
order give what all articles at once give. It finds nothing across languages: events do that. Called by `flows`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from transforms.copies import is_notice, words_of
from transforms.frames import frame_of
from transforms.text import is_han

STORY_DAYS = 3  # as between two reports of one event
# High enough for a night, in which nearly all pairs tell different stories: see `bench/floors.toml` for what it costs.
LEAST_LIKENESS = 0.42
LEAST_LIKENESS_KEPT = 0.3  # what a credit may still make of two articles
_WEIGHT_OF_TITLE = 0.25
_SHORTEST, _STEM = 4, 5  # letters: shorter words are mostly not what a text is about; endings are cut off
_FEWEST_STEMS = 12  # a text of fewer is like others by chance
_FEWEST_STEMS_OF_TITLE = 3  # "News in brief" stands over anything
_SECONDS_A_DAY = 86_400


class Likeness(NamedTuple):
    """How like two articles are, by their ids; 1 is the same."""

    late: str
    early: str
    score: float


@dataclass(frozen=True, slots=True)
class Follower:
    """A row of core.stories as one article gives it: what it follows, and how like the two are."""

    article_id: str
    revision_id: str
    language: str | None
    told_at: datetime
    follows_article_id: str | None
    likeness: float | None


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of a text's longer words and its figures; of Chinese, each two characters side by side."""
    words = words_of(text)
    pairs = (one + other for one, other in pairwise(words) if is_han(one[0]) and is_han(other[0]))
    return frozenset([*(word[:_STEM] for word in words if len(word) >= _SHORTEST or word.isdigit()), *pairs])


def likeness(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """Return how like two articles (title, text) are, 0 to 1."""
    texts = [stems_of(f"{article['title']} {article['text']}") for article in (one, other)]
    titles = [stems_of(str(article["title"])) for article in (one, other)]
    return _weighed(_cosine(*texts), *titles)


def likenesses(articles: pd.DataFrame, least: float = LEAST_LIKENESS_KEPT) -> list[Likeness]:
    """Return which articles with `is_target` are like which earlier ones of the last days in their language.

    Reads the columns article_id, title, text, language, told_at (aware) and is_target.
    """
    since = articles.loc[articles["is_target"], "told_at"].min() - timedelta(days=STORY_DAYS)
    ordered = articles[articles["told_at"] >= since].sort_values(["told_at", "article_id"])
    return [one for _, group in ordered.groupby("language", dropna=False) for one in _of_language(group, least)]


def follow(articles: pd.DataFrame, likenesses: Sequence[Likeness], originals: Mapping[str, str]) -> pd.DataFrame:
    """Return a row, as `Follower`, for each article with `is_target`.

    `originals`: for an article that republishes another, that other; it is followed whatever the words say.
    """
    records = articles.sort_values(["told_at", "article_id"]).to_dict("records")
    told = {str(record["article_id"]): record for record in records}
    rank = {article_id: n for n, article_id in enumerate(told)}
    found: dict[str, list[Likeness]] = defaultdict(list)
    for one in likenesses:
        if one.score >= LEAST_LIKENESS and not _is_notice(told[one.late], told[one.early]):
            found[one.late].append(one)
    return frame_of((_follower(told[i], found, originals, rank) for i in told if told[i]["is_target"]), Follower)


def story_ids(followers: Mapping[str, str | None]) -> dict[str, str]:
    """Return the story of each article from what it follows: the id of the article at the beginning."""
    stories: dict[str, str] = {}
    for article_id in followers:
        trail = [article_id]
        while (before := followers.get(trail[-1])) and trail[-1] not in stories:
            trail.append(before)
        story = stories.get(trail[-1], trail[-1])
        stories |= dict.fromkeys(trail, story)
    return stories


def _follower(
    record: Mapping[Any, Any],
    found: Mapping[str, Sequence[Likeness]],
    originals: Mapping[str, str],
    rank: Mapping[str, int],
) -> Follower:
    """Return what an article follows: the earliest of those like it and of the one that it republishes."""
    article_id = str(record["article_id"])
    alike = {one.early: one.score for one in found.get(article_id, ())}
    earlier = {*alike, *([originals[article_id]] if article_id in originals else [])}
    first = min(earlier, key=lambda one: rank[one], default=None)
    language = record["language"] if isinstance(record["language"], str) else None
    return Follower(article_id, record["revision_id"], language, record["told_at"], first, alike.get(first or ""))


def _of_language(articles: pd.DataFrame, least: float) -> Iterator[Likeness]:
    """Yield the like pairs of one language; articles stand earliest first."""
    ids = [str(one) for one in articles["article_id"]]
    seconds = np.array([moment.timestamp() for moment in articles["told_at"]])
    titles = [stems_of(str(title)) for title in articles["title"]]
    texts = [stems_of(f"{title} {text}") for title, text in zip(articles["title"], articles["text"], strict=True)]
    sizes = np.array([max(1, len(stems)) for stems in texts])
    postings = _postings(texts)
    for late, is_target in enumerate(articles["is_target"]):
        first = int(np.searchsorted(seconds, seconds[late] - STORY_DAYS * _SECONDS_A_DAY))
        if not is_target or first == late or len(texts[late]) < _FEWEST_STEMS:
            continue
        shared = _shared(postings, texts[late], first, late)
        cosines = shared / np.sqrt(sizes[first:late] * len(texts[late]))
        reach = (least - _WEIGHT_OF_TITLE) / (1 - _WEIGHT_OF_TITLE)
        for place in np.flatnonzero(cosines >= max(reach, 1e-9)):
            early = first + int(place)
            score = _weighed(float(cosines[place]), titles[late], titles[early])
            if score >= least and len(texts[early]) >= _FEWEST_STEMS:
                yield Likeness(ids[late], ids[early], score)


def _postings(texts: Sequence[frozenset[str]]) -> dict[str, np.ndarray]:
    """Return for each stem the positions of the texts that have it, in order."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, stems in enumerate(texts):
        for stem in stems:
            places[stem].append(place)
    return {stem: np.array(found, dtype=np.int64) for stem, found in places.items()}


def _shared(postings: Mapping[str, np.ndarray], stems: frozenset[str], first: int, late: int) -> np.ndarray:
    """Return how many stems each text from `first` up to `late` shares with these."""
    lists = [postings[stem] for stem in stems]
    parts = [found[np.searchsorted(found, first) : np.searchsorted(found, late)] for found in lists]
    return np.bincount(np.concatenate(parts) - first, minlength=late - first)


def _cosine(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how like two sets are: what they share over the mean of their sizes."""
    return len(one & other) / sqrt(len(one) * len(other)) if one and other else 0.0


def _weighed(texts: float, title: frozenset[str], other: frozenset[str]) -> float:
    """Return the likeness of articles from that of their texts, and their titles where these say enough."""
    if min(len(title), len(other)) < _FEWEST_STEMS_OF_TITLE:
        return texts
    return (1 - _WEIGHT_OF_TITLE) * texts + _WEIGHT_OF_TITLE * _cosine(title, other)


def _is_notice(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> bool:
    """Say whether two articles are one form filled in twice."""
    return is_notice((str(one["title"]), str(one["text"])), (str(other["title"]), str(other["text"])))
