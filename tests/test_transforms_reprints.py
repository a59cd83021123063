"""Reprints: copies are found with original and lag; editions and daily notices are none."""

from __future__ import annotations

import pandas as pd
import pytest

from transforms.reprints import credit_of, find_reprints, jaccard, shingles

STORY = (
    "The editors of three newspapers met in a small town by the lake to speak about their readers, who grow fewer in "
    "the villages and more in the cities, and about the young people who would rather listen than read. They agreed on "
    "nothing but to meet again in spring, when the road over the pass is open and the ferry runs twice a day."
)
OTHER = (
    "A late frost has taken half of the apricot blossom in the valley, and the growers who had hoped for a good year "
    "now count the trees that are left; the market will have to bring its fruit over the mountains, at twice the price."
)


def articles(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["article_id", "text", "language", "published_at"])
    times = pd.to_datetime(frame["published_at"], utc=True)
    return frame.assign(published_at=times, captured_at=times)


def test_a_copy_points_to_the_earliest() -> None:
    found = find_reprints(
        articles(
            ("c", STORY + " (Lake Post)", "en", "2025-01-03"),
            ("a", STORY, "en", "2025-01-01"),
            ("b", "ALMATY. " + STORY, "en", "2025-01-02"),
            ("d", OTHER, "en", "2025-01-02"),
        )
    )
    assert found["article_id"].tolist() == ["b", "c"]
    assert found["original_article_id"].tolist() == ["a", "a"]
    assert found["lag_seconds"].tolist() == [86400.0, 172800.0]
    assert found["credit"].tolist()[1] == "Lake Post"
    assert (found["similarity"] >= 0.5).all()


def test_a_daily_notice_is_no_reprint() -> None:
    monday = STORY + " The dollar stood at 512 and the euro at 590."
    tuesday = STORY + " The dollar stood at 515 and the euro at 588."
    assert find_reprints(articles(("a", monday, "en", "2025-01-01"), ("b", tuesday, "en", "2025-01-02"))).empty


def test_nothing_gives_an_empty_frame_with_its_columns() -> None:
    found = find_reprints(articles())
    assert list(found) == ["article_id", "original_article_id", "similarity", "credit", "lag_seconds"]


def test_different_stories_share_next_to_nothing() -> None:
    assert jaccard(shingles(STORY), shingles(OTHER)) < 0.13
    assert jaccard(shingles(STORY), shingles(STORY.upper())) == 1


CREDITS = {
    "brackets at the end": ("It rained all day. (Steppe Wire)", "Steppe Wire"),
    "a dash at the end": ("Весь день шёл дождь. — Степной вестник", "Степной вестник"),
    "a source line": ("Весь день шёл дождь.\nИсточник: Степной вестник", "Степной вестник"),
    "none": ("It rained all day.", None),
}


@pytest.mark.parametrize("situation", CREDITS)
def test_credit_lines(situation: str) -> None:
    text, credit = CREDITS[situation]
    assert credit_of(text) == credit
