"""The words of the report: dates by granularity, numbers, names, and the sentence on top."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reports import headline, words
from transforms.records import Count, EventCard, Gap, WeekView

CARD = EventCard(
    "e",
    "A – B: agreement",
    "agreement",
    "concluded",
    ("KG", "KZ"),
    (),
    (),
    None,
    None,
    "unresolved",
    None,
    (),
    1,
    1,
    True,
)
NOTHING = WeekView(
    "2026-W47", date(2026, 11, 16), date(2026, 11, 22), "Asia/Almaty", (), {}, {}, (), (), (), 3, (), 0, "1.0.0"
)
FOUR = (("2026-W43", 1), ("2026-W44", 2), ("2026-W45", 3), ("2026-W46", 4))


@pytest.mark.parametrize(
    ("granularity", "start", "end", "text"),
    [
        ("day", date(2026, 11, 17), date(2026, 11, 17), "17 November 2026"),
        ("day", date(2026, 11, 17), date(2026, 11, 19), "17–19 November 2026"),
        ("day", date(2026, 11, 30), date(2026, 12, 2), "30 November – 2 December 2026"),
        ("day", date(2026, 12, 30), date(2027, 1, 2), "30 December 2026 – 2 January 2027"),
        ("day", date(2026, 11, 17), None, "since 17 November 2026"),
        ("month", date(2026, 11, 1), date(2026, 11, 30), "November 2026"),
        ("month", date(2026, 11, 1), date(2026, 12, 31), "November 2026 – December 2026"),
        ("month", date(2026, 11, 1), None, "since November 2026"),
        ("year", date(2026, 1, 1), date(2026, 12, 31), "2026"),
        ("year", date(2025, 1, 1), date(2026, 12, 31), "2025 – 2026"),
        ("unresolved", date(2026, 1, 1), None, None),
        ("day", None, None, None),
    ],
)
def test_event_date(granularity: str, start: date | None, end: date | None, text: str | None) -> None:
    assert words.event_date(replace(CARD, date_granularity=granularity, date_start=start, date_end=end)) == text


def test_numbers_and_lists() -> None:
    assert [words.counted(number, "event") for number in (0, 1, 2, 1234)] == [
        "0 events",
        "1 event",
        "2 events",
        "1,234 events",
    ]
    assert [words.number(value) for value in (8.0, 8.25, 0.04)] == ["8", "8.2", "0"]
    assert [words.listed(list(parts)) for parts in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]


def test_names() -> None:
    assert [words.country(code) for code in ("KG", "TR", "??")] == ["Kyrgyzstan", "Türkiye", "??"]
    assert [words.language(tag) for tag in ("kk", "uz-Cyrl", "und", "x y")] == [
        "Kazakh",
        "Uzbek (Cyrillic)",
        "language not recognised",
        "x y",
    ]
    assert words.outcome("timeout") == "no answer in time"
    assert words.outcome("something_new") == "something new"
    assert words.kind("something_new").many == "something new"


def several(number: int, **changes: object) -> WeekView:
    view = replace(NOTHING, cards=(CARD,) * number, trend=(*FOUR, ("2026-W47", number)))
    return replace(view, **changes)  # type: ignore[arg-type]


LEADING = {
    "weekly_types": (Count(("agreement",), 3, 5, 1.0, ()), Count(("forum",), 2, 2, 1.0, ())),
    "weekly_country_pairs": (Count(("CN", "KZ"), 2, 2, 1.0, ()), Count(("KG", "KZ"), 1, 2, 1.0, ())),
}
TIED = {"weekly_types": (Count(("agreement",), 2, 5, 1.0, ()), Count(("forum",), 2, 2, 1.0, ()))}


@pytest.mark.parametrize(
    ("situation", "view", "text"),
    [
        ("nothing", NOTHING, "No media-cooperation event was found in the week"),
        (
            "one",
            several(1),
            "One media-cooperation event: a concluded agreement involving Kazakhstan and Kyrgyzstan",
        ),
        (
            "one that goes on, of nobody known",
            replace(NOTHING, cards=(replace(CARD, status="ongoing", countries=()),)),
            "One media-cooperation event: an ongoing agreement",
        ),
        ("more than before", several(5), "5 media-cooperation events, above the mean of 2.5 in the four weeks before"),
        ("fewer", several(2), "2 media-cooperation events, below the mean of 2.5 in the four weeks before"),
        ("the first week", several(5, trend=(("2026-W47", 5),)), "5 media-cooperation events"),
        (
            "the second week",
            several(5, trend=(("2026-W46", 5), ("2026-W47", 5))),
            "5 media-cooperation events, as many as the mean of 5 in the week before",
        ),
        (
            "leaders",
            several(5, trend=(), counts=LEADING),
            "5 media-cooperation events: agreements lead with 3, and Kazakhstan and China are the busiest pair with 2",
        ),
        ("a tie has no leader", several(4, trend=(), counts=TIED), "4 media-cooperation events"),
    ],
)
def test_headline(situation: str, view: WeekView, text: str) -> None:
    assert headline.headline(view) == text


@pytest.mark.parametrize(
    ("view", "text"),
    [
        (several(9), "9 events, the most in 5 weeks"),
        (several(3), "3 events, above the mean of 2.5 a week in the four weeks before"),
        (several(0), "No event, below the mean of 2.5 a week in the four weeks before"),
        (several(1, trend=(("2026-W47", 1),)), "1 event; there is no earlier week to compare with"),
    ],
)
def test_finding(view: WeekView, text: str) -> None:
    assert headline.finding(view) == text


def test_caution() -> None:
    gap = Gap("A", "KZ", "a", 7, 0, 0, 0, "dns")
    assert headline.caution(NOTHING) is None
    assert "says nothing" in str(headline.caution(replace(NOTHING, feed_count=0)))
    assert str(headline.caution(replace(NOTHING, gaps=(gap,)))).startswith("1 of 3 feeds could not be seen whole")
