"""The gate errs to one side only: an article that it turns away has no event and is not adjacent either."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.region_gold import region_codebook, region_records
from transforms.coding import code_article, lexicon_of
from transforms.coding_drafts import drafts_of
from transforms.gate import gate_for, may_matter, may_report, may_stand_near
from transforms.gold import gold_article
from transforms.matching import folded_text, scanner_for, sight, verify
from transforms.passages import joined, lead_end, read
from transforms.records import ArticleText

BOOK = region_codebook()
ARTICLES = [gold_article(record).article for record in region_records()]


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ky", "uz", "tg", "tk", "tr", "zh"])
def test_the_gate_turns_no_event_away(language: str) -> None:
    scanner, gate = scanner_for(BOOK, language), gate_for(BOOK, language)
    turned_away = 0
    for article in (one for one in ARTICLES if lexicon_of(one.language, BOOK) == language):
        folded = folded_text(joined(article))
        sightings = sight(folded, scanner)
        hits = verify(folded, sightings, scanner)
        if may_matter(sightings, gate) and may_report(hits, gate, lead_end(article)):
            continue
        turned_away += 1
        reading = read(article, language, BOOK, hits)
        assert drafts_of(reading, BOOK) == []
        if not may_stand_near(hits, lead_end(article)):
            assert code_article(article, BOOK).relevance == "none"
    assert turned_away > 0


def test_ordinary_news_ends_at_the_first_words() -> None:
    article = ArticleText(
        "1", "Snow closes the pass", "Drivers were asked to wait until noon. Ploughs are at work.", None
    )
    assert code_article(replace(article, language="en"), BOOK).relevance == "none"
    scanner = scanner_for(BOOK, "en")
    assert not may_matter(sight(folded_text(joined(article)), scanner), gate_for(BOOK, "en"))
