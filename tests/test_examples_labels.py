"""The composed region's articles come out as their labels say, in all nine languages, and their reports are joined.

The labels were written before the coder ran on the texts, which has been improved on them since: this proves that
nothing is lost again, not how good the coder is on articles it never saw.
"""

from functools import cache
from itertools import combinations
from typing import Any

import pytest

from bench.region_labels import Tally, article_of, compare, labelled_articles, region_codebook
from transforms.coding import code_article
from transforms.linking import link_coded
from transforms.records import ArticleText, CodedArticle

LANGUAGES = ("en", "ru", "kk", "ky", "uz", "tg", "tk", "tr", "zh")


@cache
def coded() -> tuple[tuple[str, dict[str, Any], ArticleText, CodedArticle], ...]:
    """Return language, label, article and coding of every article of the region."""
    codebook = region_codebook()
    rows = []
    for name, language, row in labelled_articles():
        article = article_of(name, language, row)
        rows.append((language, row["expect"], article, code_article(article, codebook)))
    return tuple(rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_articles_of_each_language_come_out_as_labelled(language: str) -> None:
    tally = Tally()
    own = [row for row in coded() if row[0] == language]
    differences = [f"{row[2].id}: {words}" for row in own for words in compare(row[1], row[3], tally)]
    assert own
    assert differences == []


def test_reports_of_one_event_share_its_id_and_others_do_not() -> None:
    rows = coded()
    linked = link_coded([row[2] for row in rows], [row[3] for row in rows])
    told: list[tuple[str, str]] = []
    for (_, expect, _, _), result in zip(rows, linked, strict=True):
        labels = expect.get("event", [])
        if len(labels) == len(result.events) == 1:
            told.append((labels[0]["same_as"], result.events[0].event_id))
    assert len(told) > 40
    apart = [pair for pair in combinations(told, 2) if (pair[0][0] == pair[1][0]) != (pair[0][1] == pair[1][1])]
    assert apart == []
