"""The week as the report shows it: stored tables to one record of cards, counts and gaps.

Pure; called by the weekly flow, which hands the result to `reports`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd

from transforms.records import Count, EventCard, Gap, Organisation, Quote, ReprintLine, WeekView
from transforms.weekly import PRECEDING_WEEKS, Tables, first_day, rows_behind, week_name, weeks_of, weeks_up_to

TREND_WEEKS = 12


def view_of_week(
    tables: Tables, weekly: Tables, coverage: pd.DataFrame, week: str, time_zone: str, codebook: str
) -> WeekView:
    """Return what the report of one week says.

    `tables` holds the stored core tables by bare name, `weekly` the weekly tables, `coverage` a row for each feed and
    night; only the nights that belong to the week count.
    """
    monday = first_day(week)
    weeks = _weeks_monitored(coverage, week)
    events = tables["events"].assign(week=weeks_of(tables["events"]["first_reported_at"], time_zone))
    of_week = events[events["week"] == week]
    counted = of_week[of_week["outcome"] == "auto"]
    return WeekView(
        week=week,
        monday=monday,
        sunday=monday + timedelta(days=6),
        time_zone=time_zone,
        cards=_cards(counted, tables),
        counts=_counts(tables, weekly, weeks, time_zone),
        types_by_status=_cross(counted),
        trend=_trend(weekly["weekly_types"], weeks),
        reprints=_reprints(tables, week, time_zone),
        gaps=feeds_not_seen_whole(_nights_of(coverage, week), tables["outlets"]),
        feed_count=_nights_of(coverage, week)["feed_id"].nunique(),
        silent_outlets=_without_feed(tables),
        review_count=int((of_week["outcome"] != "auto").sum()),
        codebook=codebook,
        outlet_names=dict(zip(tables["outlets"]["outlet_id"], tables["outlets"]["name"], strict=True)),
    )


def _weeks_monitored(coverage: pd.DataFrame, week: str) -> list[str]:
    """Return the last weeks up to this one, oldest first, from the week that the first night saw."""
    first = min((week_name(night - timedelta(days=1)) for night in coverage["night"]), default=week)
    return [name for name in weeks_up_to(week, TREND_WEEKS) if name >= min(first, week)]


def _cards(events: pd.DataFrame, tables: Tables) -> tuple[EventCard, ...]:
    """Return the week's events: most independent publishers first, then the region's, then the earliest."""
    ordered = events.sort_values(
        ["publisher_count", "is_regional", "first_reported_at", "event_id"], ascending=[False, False, True, True]
    )
    parties = tables["event_parties"].groupby("event_id")
    provisions = tables["event_provisions"].groupby("event_id")
    quotes = _quotes(tables)
    return tuple(
        EventCard(
            event_id=row.event_id,
            label=row.label,
            type=row.type,
            status=row.status,
            countries=tuple(row.countries),
            organisations=_rows(parties, row.event_id, _organisation),
            provisions=_rows(provisions, row.event_id, lambda provision: str(provision.provision)),
            date_start=_known(row.date_start),
            date_end=_known(row.date_end),
            date_granularity=row.date_granularity,
            place=_known(row.place_name),
            quotes=quotes.get(row.event_id, ()),
            report_count=int(row.report_count),
            publisher_count=int(row.publisher_count),
            is_regional=bool(row.is_regional),
        )
        for row in _each(ordered)
    )


def _quotes(tables: Tables) -> dict[str, tuple[Quote, ...]]:
    """Return, by event, the first quote of each of its reports, earliest report first."""
    evidence = tables["event_evidence"].sort_values(["report_id", "start_offset"]).drop_duplicates("report_id")
    reports = tables["event_reports"][["report_id", "published_at", "outlet_id"]]
    articles = tables["articles"][["article_id", "canonical_url", "language"]]
    outlets = tables["outlets"][["outlet_id", "name"]]
    rows = evidence.merge(reports, on="report_id").merge(articles, on="article_id").merge(outlets, on="outlet_id")
    rows = rows.sort_values(["published_at", "report_id"])
    return {
        str(event_id): tuple(
            Quote(row.quote, row.name, row.canonical_url, _known(row.language), row.published_at.to_pydatetime())
            for row in _each(group)
        )
        for event_id, group in rows.groupby("event_id")
    }


def _counts(tables: Tables, weekly: Tables, weeks: Sequence[str], time_zone: str) -> Mapping[str, tuple[Count, ...]]:
    """Return the week's rows of each weekly table, largest first, each with the events behind it.

    Types that had events in the weeks before and have none now stand at the end, with 0.
    """
    counts = {}
    for name, (rows, keys) in rows_behind(tables, time_zone).items():
        behind: dict[tuple[str, ...], list[str]] = {}
        for row in _each(rows[rows["week"] == weeks[-1]]):
            behind.setdefault(_key(row, keys), []).append(row.event_id)
        frame = weekly[name]
        of_week = frame[frame["week"] == weeks[-1]].sort_values(
            ["event_count", "report_count", *keys], ascending=[False, False, *[True] * len(keys)]
        )
        counts[name] = tuple(_count(row, keys, behind) for row in _each(of_week))
    counts["weekly_types"] += tuple(_fallen_silent(weekly["weekly_types"], weeks))
    return counts


def _fallen_silent(types: pd.DataFrame, weeks: Sequence[str]) -> Iterator[Count]:
    """Yield a row of 0 for each type that had events in the weeks before, and none in the last."""
    before = weeks[-1 - PRECEDING_WEEKS : -1]
    now = set(types[types["week"] == weeks[-1]]["type"])
    totals = types[types["week"].isin(before)].groupby("type")["event_count"].sum()
    for name in sorted(set(totals.index) - now):
        yield Count((str(name),), 0, 0, float(totals[name]) / len(before), ())


def _count(row: Any, keys: list[str], behind: Mapping[tuple[str, ...], list[str]]) -> Count:
    """Return one row of a weekly table."""
    key = _key(row, keys)
    event_ids = tuple(dict.fromkeys(behind.get(key, ())))
    return Count(key, int(row.event_count), int(row.report_count), _known(row.mean_event_count_4w), event_ids)


def _key(row: Any, keys: list[str]) -> tuple[str, ...]:
    """Return a row's keys as text; an empty one where there is none."""
    return tuple(str(_known(getattr(row, key)) or "") for key in keys)


def _cross(events: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return how many of the week's events there are of each type at each status."""
    counts = events.groupby(["type", "status"]).size()
    return {(str(key[0]), str(key[1])): int(number) for key, number in counts.items()}  # type: ignore[index]


def _trend(types: pd.DataFrame, weeks: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Return the number of events of each of these weeks."""
    totals = types.groupby("week")["event_count"].sum()
    return tuple((name, int(totals.get(name, 0))) for name in weeks)


def _reprints(tables: Tables, week: str, time_zone: str) -> tuple[ReprintLine, ...]:
    """Return the week's reprints between outlets, quickest first."""
    articles = tables["articles"].merge(tables["outlets"][["outlet_id", "name"]], on="outlet_id")
    articles = articles[["article_id", "title", "canonical_url", "name", "first_seen_at", "published_at"]]
    rows = tables["reprints"].merge(articles, on="article_id")
    rows = rows.merge(articles, left_on="original_article_id", right_on="article_id", suffixes=("", "_original"))
    shown = rows["published_at"].fillna(rows["first_seen_at"])
    rows = rows[weeks_of(shown, time_zone) == week].sort_values(["lag_seconds", "article_id"])
    return tuple(
        ReprintLine(
            row.title_original,
            row.name_original,
            row.canonical_url_original,
            row.name,
            row.canonical_url,
            float(row.lag_seconds) / 3600,
        )
        for row in _each(rows)
    )


def _nights_of(coverage: pd.DataFrame, week: str) -> pd.DataFrame:
    """Return the rows of the nights that saw the week: a night sees the day before it."""
    monday = pd.Timestamp(first_day(week))
    nights = pd.to_datetime(coverage["night"])
    return coverage[(nights > monday) & (nights <= monday + pd.Timedelta(days=7))]


def feeds_not_seen_whole(coverage: pd.DataFrame, outlets: pd.DataFrame) -> tuple[Gap, ...]:
    """Return the feeds that did not answer on some night, lost items between two polls, or show nothing (new)."""
    names = outlets.set_index("outlet_id")["name"]
    lines = []
    for feed_id, nights in coverage.sort_values("night").groupby("feed_id"):
        answered = int((nights["answered_count"] > 0).sum())
        unmet, lost = int(nights["gap_count"].sum()), int(nights["lost_item_estimate"].sum())
        last = nights.iloc[-1]
        if answered < len(nights) or unmet or last["is_frozen"] or last["is_silent"]:
            outlet = str(names.get(last["outlet_id"], last["outlet_id"]))
            lines.append(
                Gap(
                    outlet=outlet,
                    country=last["country"],
                    feed_id=str(feed_id),
                    nights_asked=len(nights),
                    nights_answered=answered,
                    polls_without_overlap=unmet,
                    items_lost=lost,
                    last_outcome=str(last["last_outcome"]),
                )
            )
    return tuple(sorted(lines, key=lambda gap: (gap.nights_answered - gap.nights_asked, gap.feed_id)))


def _without_feed(tables: Tables) -> tuple[str, ...]:
    """Return the names of outlets that are in the catalogue but have no known feed."""
    outlets = tables["outlets"]
    missing = outlets[~outlets["outlet_id"].isin(tables["feeds"]["outlet_id"])]
    return tuple(sorted(str(name) for name in missing["name"]))


def _organisation(row: Any) -> Organisation:
    """Return a stored party as the record."""
    return Organisation(_known(row.organisation_id), row.name, row.role, _known(row.country))


def _rows(groups: Any, key: str, make: Callable[[Any], Any]) -> tuple[Any, ...]:
    """Return a record for each row of a group; none for a group that is not there."""
    return tuple(make(row) for row in _each(groups.get_group(key))) if key in groups.groups else ()


def _each(frame: pd.DataFrame) -> Any:
    """Iterate over a frame's rows as named tuples."""
    return frame.itertuples(index=False)


def _known(value: Any) -> Any:
    """Return a cell's value, or None for a missing one."""
    return None if pd.isna(value) else value
