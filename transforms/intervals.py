"""How sure a measured rate is: Wilson's interval for shares, a bootstrap over articles for F1.

Every figure of an evaluation is an `Estimate`: a value, the number of cases below it, and a 95 % interval. The
bootstrap draws from a generator with a given seed, so that equal counts give equal intervals. Called by `evaluate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

LEAST_N = 10  # below it a rate says less than its cases do, and is not shown
SEED = 20_260_101
ROUNDS = 1000
_Z = 1.959964  # of 95 %
_PERCENTILES = (2.5, 97.5)

# Of one article or of many: how many things both sides have, how many the coder gave, how many the gold has.
Counts = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured value with the number of cases it stands on and its 95 % interval."""

    value: float
    n: int
    low: float
    high: float

    @property
    def is_shown(self) -> bool:
        """Whether there are cases enough to tell the value."""
        return self.n >= LEAST_N


def share(hits: int, n: int) -> Estimate:
    """Return a share with Wilson's score interval; of no cases it is 0 between 0 and 1."""
    if n == 0:
        return Estimate(0.0, 0, 0.0, 1.0)
    rate, square = hits / n, _Z * _Z
    middle = (rate + square / (2 * n)) / (1 + square / n)
    half = _Z / (1 + square / n) * sqrt(rate * (1 - rate) / n + square / (4 * n * n))
    return Estimate(rate, n, max(0.0, min(rate, middle - half)), min(1.0, max(rate, middle + half)))


def f1(hits: int, found: int, wanted: int) -> float:
    """Return the harmonic mean of precision and recall; 0 where neither side has anything."""
    return 2 * hits / (found + wanted) if found + wanted else 0.0


def f1_estimate(articles: Sequence[Counts], seed: int = SEED) -> Estimate:
    """Return the F1 over articles with a bootstrap interval; `n` is the number of things that the gold has."""
    hits, found, wanted = total(articles)
    if wanted == 0:
        return Estimate(f1(hits, found, wanted), 0, 0.0, 1.0)
    return _estimate(f1(hits, found, wanted), wanted, f1_draws(articles, seed))


def f1_gap(articles: Sequence[Counts], others: Sequence[Sequence[Counts]], seed: int = SEED) -> Estimate:
    """Return how far the F1 of these articles lies below the mean F1 of other sets; `n` is the smallest set's."""
    mean = sum(f1(*total(other)) for other in others) / len(others)
    means = [f1_draws(other, seed + number) for number, other in enumerate(others, start=1)]
    draws = np.mean(means, axis=0) - f1_draws(articles, seed)
    n = min(total(one)[2] for one in (articles, *others))
    return _estimate(mean - f1(*total(articles)), n, draws)


def f1_draws(articles: Sequence[Counts], seed: int) -> NDArray[np.float64]:
    """Return the F1 of 1,000 sets of as many articles, drawn with replacement; their order does not matter.

    NaN stands for a set in which neither side has anything: it has no F1.
    """
    if not articles:
        return np.full(ROUNDS, np.nan)
    rows, copies = np.unique(np.asarray(articles, dtype=np.int64), axis=0, return_counts=True)
    drawn = np.random.default_rng(seed).multinomial(len(articles), copies / copies.sum(), size=ROUNDS) @ rows
    both = drawn[:, 1] + drawn[:, 2]
    draws: NDArray[np.float64] = np.divide(2.0 * drawn[:, 0], both, out=np.full(ROUNDS, np.nan), where=both > 0)
    return draws


def total(articles: Sequence[Counts]) -> Counts:
    """Return the sums over articles."""
    hits, found, wanted = (sum(one[place] for one in articles) for place in range(3))
    return hits, found, wanted


def _estimate(value: float, n: int, draws: NDArray[np.float64]) -> Estimate:
    """Return a value with the interval of its draws, which is widened to the value where it misses it."""
    known = draws[~np.isnan(draws)]
    low, high = (float(bound) for bound in np.percentile(known, _PERCENTILES)) if known.size else (value, value)
    return Estimate(value, n, min(low, value), max(high, value))
