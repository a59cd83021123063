"""`monitor evaluate`: code gold articles, with the whole coder, with parts of it turned off, and with the baselines.

It codes and links as `monitor code` does and hands the results to `transforms/evaluate.py`; `evaluation_tables` shows
them. Called by `coding_cli` and by `bench/gold.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from codebook.load import Codebook
from flows.progress import current
from transforms.baselines import code_by_gazetteer, code_by_keywords
from transforms.coding import CodingOptions, code_article
from transforms.evaluate import Comparison, calibration, compare, confusion, figures, figures_by_language, gaps
from transforms.gold import GoldArticle, with_ids
from transforms.intervals import Estimate
from transforms.linking import link_coded
from transforms.records import ArticleText, CodedArticle

Coder = Callable[[ArticleText], CodedArticle]
CODER = "coder"


@dataclass(frozen=True, slots=True)
class Rival:
    """What stands beside the coder: a baseline, or the coder without one of its parts."""

    name: str
    figures: dict[str, Estimate]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that an evaluation found out."""

    comparisons: tuple[Comparison, ...]
    figures: dict[str, dict[str, Estimate]]  # by language, then "all"
    rivals: tuple[Rival, ...] = ()


def evaluate(
    gold: Sequence[GoldArticle], codebook: Codebook, *, with_baselines: bool = False, with_ablations: bool = False
) -> Evaluation:
    """Return how the coder does on gold articles, and how what stands beside it does."""
    gold, options = with_ids(gold, codebook), CodingOptions()
    comparisons = comparisons_of(CODER, gold, lambda article: code_article(article, codebook, options))
    rivals = []
    for name, coder in [
        *(_baselines(codebook) if with_baselines else []),
        *(_ablations(codebook, options) if with_ablations else []),
    ]:
        rivals.append(Rival(name, figures(comparisons_of(name, gold, coder))))
    return Evaluation(tuple(comparisons), figures_by_language(comparisons), tuple(rivals))


def comparisons_of(name: str, gold: Sequence[GoldArticle], coder: Coder) -> list[Comparison]:
    """Return gold articles beside what a coder makes of them, reports of one event joined over all of them."""
    articles = [one.article for one in gold]
    with current().stage(name, len(articles)) as advance:
        coded = []
        for article in articles:
            coded.append(coder(article))
            advance()
    return [compare(one, result) for one, result in zip(gold, link_coded(articles, coded), strict=True)]


def of_language(gold: Sequence[GoldArticle], language: str) -> list[GoldArticle]:
    """Return the articles that state a language, in any of its scripts where none is named."""
    stated = [(one, one.article.language or "") for one in gold]
    return [one for one, tag in stated if tag == language or tag.split("-")[0] == language]


def unknown_organisations(gold: Sequence[GoldArticle], codebook: Codebook) -> list[str]:
    """Return the ids of organisations that the gold names and the gazetteer does not know, by the alphabet."""
    named = {one.id for article in gold for event in article.events for one in event.organisations or ()}
    return sorted(key for key in named if key and key not in codebook.organisations)


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return the figures for machines; a rate of fewer than ten cases has its n alone."""
    return {
        "articles": len(evaluation.comparisons),
        "figures": {language: _plain(found) for language, found in evaluation.figures.items()},
        "gaps": _plain(gaps(evaluation.comparisons)),
        "rivals": {rival.name: _plain(rival.figures) for rival in evaluation.rivals},
        "calibration": [
            {"from": one.start, "to": one.end, "mean_confidence": round(one.mean_confidence, 4), **_rate(one.right)}
            for one in calibration(evaluation.comparisons)
        ],
        "confusion": {
            field: [
                {"gold": gold, "coder": found, "count": count}
                for (gold, found), count in confusion(evaluation.comparisons, field).items()
            ]
            for field in ("type", "status")
        },
    }


def _plain(found: dict[str, Estimate]) -> dict[str, dict[str, float | int | None]]:
    """Return figures as JSON has them."""
    return {name: _rate(estimate) for name, estimate in found.items()}


def _rate(estimate: Estimate) -> dict[str, float | int | None]:
    """Return one figure as JSON has it."""
    names = ("value", "low", "high")
    shown = {name: round(getattr(estimate, name), 4) if estimate.is_shown else None for name in names}
    return {**shown, "n": estimate.n}


def _baselines(codebook: Codebook) -> list[tuple[str, Coder]]:
    """Return the baselines by name."""
    return [
        ("keywords", lambda article: code_by_keywords(article, codebook)),
        ("organisation and act", lambda article: code_by_gazetteer(article, codebook)),
    ]


def _ablations(codebook: Codebook, options: CodingOptions) -> list[tuple[str, Coder]]:
    """Return the coder without each of its parts, by name."""

    def without(part: str) -> Coder:
        fewer = replace(options, **{part: False})
        return lambda article: code_article(article, codebook, fewer)

    return [(f"without {part.name}", without(part.name)) for part in fields(options)]
