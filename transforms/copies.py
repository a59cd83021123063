"""When two texts of one language are one: word shingles, the candidates that MinHash finds, and what only looks alike.

A daily notice (rates, weather, calls to rescuers) is written over yesterday's: nine tenths of the words are the same,
and it is no copy. What tells it from one are its figures, which stand in the same places and differ. Called by
`reprints` and `stories`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise

import numpy as np
import rensa

SHINGLE_WORDS = 3
LEAST_SIMILARITY = 0.5  # true copies have .5 and more, different articles at most .18 where people judged pairs
FEWEST_WORDS = 25  # shorter texts are notices, all alike
_PERMUTATIONS, _BANDS, _SEED = 128, 32, 1
_MULTIPLIERS = np.array(
    [1, 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64
)  # of a band's values
_WORD = re.compile(r"[\u4e00-\u9fff]|[^\W_\u4e00-\u9fff]+")
_FIGURE = re.compile(r"\d+|(?<![^\W_])[IVX]+(?![^\W_])")
_MOST_UNLIKE = 1  # figures that a copy may have changed, as a death toll is brought up to date


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, without signs; each Chinese character is a word."""
    return _WORD.findall(text.lower())


def shingles(text: str) -> frozenset[str]:
    """Return the runs of three words of a text."""
    words = words_of(text)
    return frozenset(" ".join(words[n : n + SHINGLE_WORDS]) for n in range(len(words) - SHINGLE_WORDS + 1))


def is_long_enough(found: frozenset[str]) -> bool:
    """Say whether a text has shingles enough to be told from others."""
    return len(found) >= FEWEST_WORDS - SHINGLE_WORDS + 1


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of shingles that two texts have in common."""
    return len(one & other) / len(one | other) if one or other else 0.0


def candidate_pairs(sets: Iterable[frozenset[str]]) -> list[tuple[int, int]]:
    """Return the pairs of positions, in order, whose MinHash agrees in at least one band; no set is kept."""
    sketches = np.array([_sketch(found) for found in sets], dtype=np.uint64)
    bands = sketches.reshape(-1, _BANDS, _PERMUTATIONS // _BANDS)
    pairs: set[tuple[int, int]] = set()
    for keys in (bands * _MULTIPLIERS).sum(axis=2).T:  # one number for each text's values in a band
        order = np.argsort(keys, kind="stable")
        bounds = [0, *(np.flatnonzero(np.diff(keys[order])) + 1).tolist(), len(order)]
        for start, end in pairwise(bounds):
            if end - start > 1:
                pairs.update(combinations(order[start:end].tolist(), 2))
    return sorted(pairs)


def _sketch(found: frozenset[str]) -> list[int]:
    """Return the MinHash of a set."""
    sketch = rensa.RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    sketch.update(sorted(found))
    return list(sketch.digest())


def is_notice(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Say whether two articles, as title and text, are one form filled in twice, such as rates of two days."""
    if one == other:
        return False
    titles = [_FIGURE.sub("0", article[0]) for article in (one, other)]
    if one[0] != other[0] and titles[0].lower() == titles[1].lower():
        return True
    ours, theirs = (_figures_in_place(article[1]) for article in (one, other))
    shared = ours.keys() & theirs.keys()
    unlike = sum(ours[place].isdisjoint(theirs[place]) for place in shared)
    return unlike > _MOST_UNLIKE or (unlike > 0 and unlike * 2 >= len(shared))


def _figures_in_place(text: str) -> Mapping[tuple[str, str], set[str]]:
    """Return the figures of a text by the words before and after them."""
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    words = words_of(_FIGURE.sub(lambda found: f" {_digits(found.group())} ", text))
    plain = ["", *("0" if word.isdigit() else word for word in words), ""]
    for place, word in enumerate(words):
        if word.isdigit():
            places[plain[place], plain[place + 2]].add(word)
    return places


def _digits(figure: str) -> str:
    """Return a figure in digits; a Roman one as digits of its own, so that II and III differ."""
    return figure if figure.isdigit() else "".join(str("IVX".index(sign) + 1) for sign in figure)
