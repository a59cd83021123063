"""Train the coder's linear second opinion: `python -m bench.train_weights`, writes codebook/weights.json.

Every draft of every article of the development gold and of the composed region is an example: it is true when it
matches an event of the gold. The features are those of `transforms/second_opinion`; the frozen gold is never read.
What is printed is cross-validated over articles, and with each language left out in turn: how well the weights do
on drafts that they were not trained on. Deterministic: the same gold and codebook give the same weights.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import BaseCrossValidator, GroupKFold, LeaveOneGroupOut, cross_val_predict

from bench.region_gold import region_codebook, region_records
from codebook.load import Codebook
from flows.gold_files import read_gold
from transforms.coding import lexicon_of, reading_of
from transforms.coding_drafts import drafts_of
from transforms.coding_events import finish
from transforms.event_matching import match_events
from transforms.gold import GoldArticle, gold_article, with_ids
from transforms.second_opinion import LEAST_PROBABILITY, features

GOLD: Final = Path(__file__).with_name("gold") / "development"
WEIGHTS: Final = Path(__file__).parent.parent / "codebook" / "weights.json"
STRENGTH: Final = 0.3  # inverse of the L2 penalty, the best of .1, .3 and 1 in cross-validation
LEAST_DRAFTS: Final = 4  # a feature seen in fewer drafts says nothing
LEAST_WEIGHT: Final = 0.05
FOLDS: Final = 10


@dataclass(frozen=True)
class Examples:
    """The drafts of all articles: what the model sees of each, whether it is an event, its article and language."""

    features: tuple[Mapping[str, float], ...]
    is_event: tuple[bool, ...]
    articles: tuple[str, ...]
    languages: tuple[str, ...]
    events: int  # in the gold, found or not


def examples() -> Examples:
    """Return the examples of the development gold and the region."""
    codebook = region_codebook()
    labelled = [*read_gold(sorted(GOLD.glob("*.jsonl"))), *(gold_article(record) for record in region_records())]
    gold = with_ids(labelled, codebook)
    rows = [row for article in gold for row in _drafts(article, codebook)]
    found, is_event, articles, languages = zip(*rows, strict=True)
    return Examples(found, is_event, articles, languages, sum(len(article.events) for article in gold))


def _drafts(gold: GoldArticle, codebook: Codebook) -> Iterator[tuple[Mapping[str, float], bool, str, str]]:
    """Yield the drafts of an article as examples."""
    language = lexicon_of(gold.article.language, codebook)
    if language is None:
        return
    reading = reading_of(gold.article, language, codebook)
    drafts = drafts_of(reading, codebook)
    events = [finish(draft, n, reading, codebook) for n, draft in enumerate(drafts)]
    true = {id(event) for _, event in match_events(gold.events, events)}
    for draft, event in zip(drafts, events, strict=True):
        yield features(draft, reading, codebook), id(event) in true, gold.article.id, language


def train(seen: Examples) -> dict[str, float]:
    """Return the weights by feature, rounded; "" is the intercept."""
    vectors = DictVectorizer()
    matrix = vectors.fit_transform(_frequent(seen.features))
    model = LogisticRegression(C=STRENGTH, max_iter=5000).fit(matrix, seen.is_event)
    named = zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)
    weights = {str(name): round(float(weight), 2) for name, weight in named if abs(weight) >= LEAST_WEIGHT}
    return {"": round(float(model.intercept_[0]), 2), **dict(sorted(weights.items()))}


def _frequent(rows: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """Return the features that enough drafts have."""
    seen: dict[str, int] = {}
    for row in rows:
        for name, value in row.items():
            seen[name] = seen.get(name, 0) + bool(value)
    return [{name: value for name, value in row.items() if seen[name] >= LEAST_DRAFTS} for row in rows]


def cross_validated(seen: Examples, groups: Sequence[str], folds: BaseCrossValidator) -> tuple[float, float]:
    """Return precision and recall over all events of the gold, each draft judged by a model that has not seen it."""
    matrix: Any = DictVectorizer().fit_transform(_frequent(seen.features))
    model = LogisticRegression(C=STRENGTH, max_iter=5000)
    truth = np.array(seen.is_event)
    likely = cross_val_predict(model, matrix, truth, groups=groups, cv=folds, method="predict_proba")[:, 1]
    kept = likely >= LEAST_PROBABILITY
    return float(truth[kept].mean()), float((truth & kept).sum() / seen.events)


def main() -> None:
    """Train, print how well that generalises, and write the weights."""
    seen = examples()
    print(f"{len(seen.is_event)} drafts, {sum(seen.is_event)} true; {seen.events} events in the gold")
    for name, groups, folds in (
        ("articles left out", seen.articles, GroupKFold(FOLDS)),
        ("languages left out", seen.languages, LeaveOneGroupOut()),
    ):
        precision, recall = cross_validated(seen, groups, folds)
        print(f"{name}: precision {precision:.3f}, recall {recall:.3f}")
    weights = train(seen)
    WEIGHTS.write_text(json.dumps(weights, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(weights)} weights written to {WEIGHTS.name}")


if __name__ == "__main__":
    main()
