"""Which articles republish another's text, in one language: MinHash over word shingles, then the shingles themselves.

Called by `flows` with the latest text of each article. Across languages it finds nothing and is not meant to: that is
`linking`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

import pandas as pd
import rensa

SHINGLE_WORDS = 3
LEAST_SIMILARITY = 0.5  # true copies have .5 and more, different articles at most .13
FEWEST_WORDS = 25  # shorter texts are notices, all alike
_PERMUTATIONS, _BANDS, _SEED = 128, 32, 1
_LONGEST_CREDIT = 60
_FIGURES = re.compile(r"\d+")
_WORD = re.compile(r"[\u4e00-\u9fff]|[^\W_]+")
_COLUMNS = ("article_id", "original_article_id", "similarity", "credit", "lag_seconds")
# Where a text names whose it is: at its end, in brackets or after a dash, or after "source".
_CREDITS = (
    re.compile(
        r"(?im)^\W*(?:source|источник|дереккөз|булак|manba|манба|сарчашма|çeşme|kaynak|来源|來源)\s*[:：—–-]\s*(.+)$"
    ),
    re.compile(r"(?s)[.!?»\"”]\s*[(（]([^()（）\n]{2,60})[)）]\s*$"),
    re.compile(r"(?s)[.!?»\"”]\s*[—–]\s*([^\n.]{2,60})\.?\s*$"),
)


def find_reprints(articles: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each article that republishes another: original, similarity, credit, lag.

    Reads the columns article_id, text, language, published_at, captured_at; the original is the earliest of its group.
    """
    rows = [row for _, group in articles.groupby("language", dropna=False) for row in _of_language(group)]
    rows.sort(key=lambda row: str(row["article_id"]))
    columns = {name: [row[name] for row in rows] for name in _COLUMNS}
    kinds = {"similarity": "Float64", "lag_seconds": "Float64"}
    return pd.DataFrame({name: pd.Series(values, dtype=kinds.get(name, "str")) for name, values in columns.items()})


def _of_language(articles: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """Yield the reprints among articles of one language."""
    rows: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in articles.to_dict("records")]
    records = sorted(rows, key=_seniority)
    shingled = [(record, shingles(str(record["text"]))) for record in records]
    texts = [(record, found) for record, found in shingled if len(found) >= FEWEST_WORDS - SHINGLE_WORDS + 1]
    best: dict[int, tuple[float, int]] = {}
    for early, late in candidate_pairs([found for _, found in texts]):
        share = jaccard(texts[early][1], texts[late][1])
        if share >= LEAST_SIMILARITY and not _is_notice(texts[early][0], texts[late][0]):
            root = best[early][1] if early in best else early
            best[late] = max(best.get(late, (0.0, root)), (share, root), key=lambda pair: (pair[0], -pair[1]))
    for late, (share, root) in sorted(best.items()):
        yield _row(texts[late][0], texts[root][0], share)


def shingles(text: str) -> frozenset[str]:
    """Return the runs of three words of a text, without case and signs; Chinese characters are words."""
    words = _WORD.findall(text.lower())
    return frozenset(" ".join(words[n : n + SHINGLE_WORDS]) for n in range(len(words) - SHINGLE_WORDS + 1))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of shingles that two texts have in common."""
    return len(one & other) / len(one | other) if one or other else 0.0


def candidate_pairs(sets: Sequence[frozenset[str]]) -> list[tuple[int, int]]:
    """Return the pairs of positions, in order, whose MinHash agrees in at least one band."""
    width = _PERMUTATIONS // _BANDS
    buckets: dict[tuple[int, tuple[int, ...]], list[int]] = defaultdict(list)
    for position, found in enumerate(sets):
        sketch = rensa.RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
        sketch.update(sorted(found))
        values = sketch.digest()
        for band in range(_BANDS):
            buckets[band, tuple(values[band * width : (band + 1) * width])].append(position)
    return sorted({pair for bucket in buckets.values() for pair in combinations(bucket, 2)})


def credit_of(text: str) -> str | None:
    """Return the source that a text names for itself at its end, as written; None where it names none."""
    for pattern in _CREDITS:
        if found := pattern.search(text):
            return found.group(1).strip()[:_LONGEST_CREDIT]
    return None


def _is_notice(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Say whether two texts differ in little but their figures: a daily notice on another day, not a reprint."""
    plain = [_FIGURES.sub("0", str(record["text"])) for record in (one, other)]
    return one["text"] != other["text"] and plain[0] == plain[1]


def _moment(record: dict[str, Any]) -> datetime:
    """Return when an article was published, or else first captured."""
    published = record["published_at"]
    moment: datetime = record["captured_at"] if pd.isna(published) else published
    return moment


def _seniority(record: dict[str, Any]) -> tuple[datetime, str]:
    """Return what orders articles: time, then id."""
    return _moment(record), str(record["article_id"])


def _row(late: dict[str, Any], early: dict[str, Any], share: float) -> dict[str, Any]:
    """Return the row of core.reprints."""
    lag = (_moment(late) - _moment(early)).total_seconds()
    return {
        "article_id": late["article_id"],
        "original_article_id": early["article_id"],
        "similarity": share,
        "credit": credit_of(str(late["text"])),
        "lag_seconds": lag,
    }
