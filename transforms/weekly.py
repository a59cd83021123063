"""The weekly tables: how many events and reports, by country pair, type, status, organisation, outlet and language.

Pure pandas over the stored tables; called by the weekly flow. An event belongs, with all its reports, to the ISO week
of its first report, in the report's time zone. Events under review are in no number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations

import pandas as pd

Tables = Mapping[str, pd.DataFrame]
KEPT_WEEKS = 52
PRECEDING_WEEKS = 4


def week_name(day: date) -> str:
    """Return the ISO week of a day, as 2026-W47."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def first_day(week: str) -> date:
    """Return the Monday of a week; raises ValueError for what is no ISO week such as 2026-W47."""
    year, _, number = week.partition("-W")
    monday = date.fromisocalendar(int(year), int(number), 1)
    if week_name(monday) != week:  # names are compared as text, so there is one way to write a week
        raise ValueError(f"Invalid week: {week}")
    return monday


def weeks_up_to(week: str, count: int) -> list[str]:
    """Return the names of `count` weeks that end with this one, oldest first."""
    monday = first_day(week)
    return [week_name(monday - timedelta(weeks=back)) for back in range(count - 1, -1, -1)]


def weeks_of(moments: pd.Series, time_zone: str) -> pd.Series:
    """Return the ISO week, in the time zone, of each moment (aware); missing where the moment is."""
    calendar = moments.dt.tz_convert(time_zone).dt.isocalendar()
    names: pd.Series = calendar["year"].astype("str") + "-W" + calendar["week"].astype("str").str.zfill(2)
    return names


def weekly_tables(tables: Tables, week: str, first_week: str, time_zone: str) -> dict[str, pd.DataFrame]:
    """Return the six weekly tables for the weeks up to and including `week`, at most 52, none before `first_week`.

    `tables` holds events, event_parties, event_reports, articles and organisations as they are stored. Each result has
    the columns week, its keys, event_count, report_count and mean_event_count_4w: the mean of the four weeks before, or
    of as many of them as were monitored; missing where none was.
    """
    weeks = [name for name in weeks_up_to(week, KEPT_WEEKS) if name >= first_week]
    return {name: _count(rows, keys, weeks) for name, (rows, keys) in rows_behind(tables, time_zone).items()}


def rows_behind(tables: Tables, time_zone: str) -> dict[str, tuple[pd.DataFrame, list[str]]]:
    """Return, by weekly table, the rows it counts (event_id, week, reports and the keys) and the names of the keys."""
    events = _counted_events(tables["events"], time_zone)
    reports = _reports(tables, events)
    return {
        "weekly_country_pairs": (_country_pairs(events), ["country_a", "country_b"]),
        "weekly_types": (events, ["type"]),
        "weekly_statuses": (events, ["status"]),
        "weekly_organisations": (_organisations(events, tables), ["organisation_id", "name"]),
        "weekly_outlets": (reports, ["outlet_id"]),
        "weekly_languages": (reports, ["language"]),
    }


def _counted_events(events: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    """Return the events that count, each with its week and its number of reports."""
    counted = events[events["outcome"] == "auto"]
    return counted.assign(week=weeks_of(counted["first_reported_at"], time_zone), reports=counted["report_count"])


def _reports(tables: Tables, events: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each report of an event that counts, with the event's week and the article's language."""
    reports = tables["event_reports"][["event_id", "article_id", "outlet_id"]]
    reports = reports.merge(events[["event_id", "week"]], on="event_id")
    reports = reports.merge(tables["articles"][["article_id", "language"]], on="article_id", how="left")
    return reports.assign(language=reports["language"].fillna("und"), reports=1)


def _country_pairs(events: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each event and pair of its countries, in alphabetical order."""
    pairs = events["countries"].map(lambda countries: list(combinations(sorted(set(countries)), 2)))
    rows = events[["event_id", "week", "reports"]].assign(pair=pairs).explode("pair").dropna(subset="pair")
    return rows.assign(country_a=rows["pair"].str[0], country_b=rows["pair"].str[1]).drop(columns="pair")


def _organisations(events: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return a row for each event and organisation in it, under its canonical name where it has one."""
    parties = tables["event_parties"][["event_id", "organisation_id", "name"]]
    canonical = tables["organisations"].set_index("organisation_id")["name"]
    parties = parties.assign(name=parties["organisation_id"].map(canonical).fillna(parties["name"]))
    return parties.drop_duplicates().merge(events[["event_id", "week", "reports"]], on="event_id")


def _count(rows: pd.DataFrame, keys: Sequence[str], weeks: Sequence[str]) -> pd.DataFrame:
    """Return events and reports by week and keys, with the mean of the weeks before."""
    grouping = ["week", *keys]
    counted = (
        rows[rows["week"].isin(weeks)]
        .groupby(grouping, dropna=False)
        .agg(event_count=("event_id", "nunique"), report_count=("reports", "sum"))
        .reset_index()
    )
    return _with_mean_before(counted, keys, weeks).sort_values(grouping, ignore_index=True)


def _with_mean_before(counted: pd.DataFrame, keys: Sequence[str], weeks: Sequence[str]) -> pd.DataFrame:
    """Return the table with the mean event count of the four monitored weeks before; a week without a row counts 0."""
    position = {name: number for number, name in enumerate(weeks)}
    known = {
        (row[0], *row[1:-1]): row[-1]
        for row in counted[["week", *keys, "event_count"]].astype(object).itertuples(index=False, name=None)
    }
    means = []
    for row in counted[["week", *keys]].astype(object).itertuples(index=False, name=None):
        before = weeks[max(0, position[row[0]] - PRECEDING_WEEKS) : position[row[0]]]
        means.append(sum(known.get((name, *row[1:]), 0) for name in before) / len(before) if before else None)
    return counted.assign(
        event_count=counted["event_count"].astype("Int64"),
        report_count=counted["report_count"].astype("Int64"),
        mean_event_count_4w=pd.array(means, dtype="Float64"),
    )
