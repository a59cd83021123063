"""The weekly tables: weeks in the report's zone, means of the weeks before, totals that add up."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.weekly import first_day, week_name, weekly_tables, weeks_up_to

ZONE = "Asia/Almaty"


def stored(*events: tuple[str, str, list[str], str]) -> dict[str, pd.DataFrame]:
    """Tables of events (id, first report in UTC, countries, outcome), each told by two articles in two languages."""
    ids = [event[0] for event in events]
    frame = pd.DataFrame(
        {
            "event_id": pd.Series(ids, dtype="str"),
            "outcome": pd.Series([event[3] for event in events], dtype="str"),
            "first_reported_at": pd.to_datetime([event[1] for event in events], utc=True),
            "report_count": pd.Series([2] * len(ids), dtype="Int64"),
            "type": pd.Series(["forum"] * len(ids), dtype="str"),
            "status": pd.Series(["concluded"] * len(ids), dtype="str"),
            "countries": pd.Series([event[2] for event in events], dtype="object"),
        }
    )
    reports = [(name, f"{name}-{number}", f"outlet-{number}") for name in ids for number in (1, 2)]
    articles = [(article, language) for _, article, _ in reports for language in [{"1": "kk", "2": None}[article[-1]]]]
    return {
        "events": frame,
        "event_parties": pd.DataFrame(
            [(name, "kabar", "Кабар") for name in ids] + [(name, None, "Unlisted") for name in ids],
            columns=["event_id", "organisation_id", "name"],
        ).astype("str"),
        "event_reports": pd.DataFrame(reports, columns=["event_id", "article_id", "outlet_id"]).astype("str"),
        "articles": pd.DataFrame(articles, columns=["article_id", "language"]).astype("str"),
        "organisations": pd.DataFrame({"organisation_id": ["kabar"], "name": ["Kabar"]}).astype("str"),
    }


def test_an_event_late_on_sunday_in_utc_belongs_to_the_next_week_in_almaty() -> None:
    tables = weekly_tables(stored(("a", "2025-09-28T20:00Z", ["KZ", "RU"], "auto")), "2025-W40", "2025-W39", ZONE)
    assert tables["weekly_types"]["week"].tolist() == ["2025-W40"]


def test_pairs_are_unordered_and_once_per_event() -> None:
    tables = weekly_tables(stored(("a", "2025-09-18T08:00Z", ["RU", "KG", "KZ"], "auto")), "2025-W38", "2025-W38", ZONE)
    pairs = tables["weekly_country_pairs"][["country_a", "country_b"]].to_numpy().tolist()
    assert pairs == [["KG", "KZ"], ["KG", "RU"], ["KZ", "RU"]]


def test_an_event_under_review_is_in_no_number() -> None:
    tables = weekly_tables(stored(("a", "2025-09-18T08:00Z", ["KZ", "RU"], "review")), "2025-W38", "2025-W38", ZONE)
    assert all(frame.empty for frame in tables.values())


def test_the_mean_counts_monitored_weeks_before_and_silence_as_nought() -> None:
    events = [("a", "2025-09-16T08:00Z", ["KZ", "RU"], "auto"), ("b", "2025-10-01T08:00Z", ["KZ", "RU"], "auto")]
    types = weekly_tables(stored(*events), "2025-W40", "2025-W38", ZONE)["weekly_types"]
    assert types["mean_event_count_4w"].isna().tolist() == [True, False]
    assert types["mean_event_count_4w"].iloc[1] == pytest.approx(0.5)


def test_names_are_canonical_where_there_is_an_id_and_languages_say_when_unknown() -> None:
    tables = weekly_tables(stored(("a", "2025-09-18T08:00Z", ["KZ", "RU"], "auto")), "2025-W38", "2025-W38", ZONE)
    assert tables["weekly_organisations"]["name"].tolist() == ["Kabar", "Unlisted"]
    assert tables["weekly_languages"]["language"].tolist() == ["kk", "und"]


@given(st.lists(st.datetimes(pd.Timestamp("2024-12-20"), pd.Timestamp("2025-02-10")), max_size=12))
def test_weeks_add_up_to_the_total(moments: list[pd.Timestamp]) -> None:
    events = [(str(number), f"{moment}+00:00", ["KZ", "UZ"], "auto") for number, moment in enumerate(moments)]
    tables = weekly_tables(stored(*events), "2025-W08", "2024-W45", ZONE)
    for name in ("weekly_types", "weekly_statuses", "weekly_country_pairs"):
        assert tables[name]["event_count"].sum() == len(events)
        assert tables[name]["report_count"].sum() == 2 * len(events)
    assert tables["weekly_languages"]["report_count"].sum() == 2 * len(events)


def test_week_names_cross_the_year_as_iso_says() -> None:
    assert weeks_up_to("2025-W02", 3) == ["2024-W52", "2025-W01", "2025-W02"]
    assert week_name(first_day("2026-W53")) == "2026-W53"
    with pytest.raises(ValueError, match="Invalid week"):
        first_day("2025-W60")


@pytest.mark.parametrize("name", ["2025-W9", " 2025-W39", "2025-W039", "2025-39", "2025-W53"])
def test_a_week_has_one_name(name: str) -> None:
    with pytest.raises(ValueError, match=r"Invalid week|invalid literal"):
        first_day(name)
