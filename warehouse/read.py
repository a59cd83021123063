"""What the rooms must know of the past, as records and frames.

It changes nothing. Called by `flows`, which hands the answers to `sources`, `transforms` and `reports`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import duckdb
import pandas as pd

from transforms.records import Entry, Event, EventReport, FeedGap, FeedState, Outcome, Rejection, Validation
from warehouse.batches import PageState, WantedPage
from warehouse.keys import KEYS
from warehouse.statements import fill, statement
from warehouse.store import EVENT_TABLES, WEEKLY_TABLES
from warehouse.tables import frame_from, rows_from

_BEHIND_EVENTS: Final = (
    "core.articles",
    "core.outlets",
    "core.feeds",
    "core.organisations",
    "core.reprints",
    "core.stories",
)


def feed_states(connection: duckdb.DuckDBPyConnection) -> dict[str, FeedState]:
    """Return the state of every feed that was polled, by feed id."""
    rows = rows_from(connection.execute(statement("feed_states")))
    return {row["feed_id"]: FeedState(**_with_outcome(row)) for row in rows}


def page_states(connection: duckdb.DuckDBPyConnection) -> dict[str, PageState]:
    """Return the state of every page that was asked for, by article id."""
    rows = rows_from(connection.execute(statement("page_states")))
    return {row["article_id"]: PageState(**_with_outcome(row)) for row in rows}


def pages_wanted(connection: duckdb.DuckDBPyConnection, now: datetime, limit: int | None = None) -> list[WantedPage]:
    """Return the articles to fetch now: never asked for, changed in the feed since, or due again after a failure.

    Of more than `limit` the newest are taken, so that a backlog never keeps today's news waiting.
    """
    rows = rows_from(connection.execute(statement("pages_wanted"), {"now": now, "limit": limit}))
    return [_wanted_page(row) for row in rows]


def feed_gaps(connection: duckdb.DuckDBPyConnection, since: datetime, until: datetime) -> list[FeedGap]:
    """Return the latest gap of each feed that was found in that time, oldest first."""
    rows = rows_from(connection.execute(statement("feed_gaps"), {"since": since, "until": until}))
    for row in rows:
        row.update({name: frozenset(row[name] or ()) for name in ("known_ids", "shown_ids")})
        row["known_urls"] = tuple(row["known_urls"])
    return [FeedGap(**row) for row in rows]


def gap_documents(connection: duckdb.DuckDBPyConnection, gap: FeedGap) -> list[dict[str, Any]]:
    """Return what was asked for to fill a gap, and the poll that found it: kind, url, WARC file and offset.

    The last two are None where nothing was answered.
    """
    of_gap = {"feed_id": gap.feed_id, "outlet_id": gap.outlet_id, "until": gap.until}
    return rows_from(connection.execute(statement("gap_documents"), of_gap))


def articles_told(connection: duckdb.DuckDBPyConnection, article_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Return what the articles of these ids, or of these aliases, tell: `alias`, article and outlet ids, title, text.

    An article's own id is an alias of it here.
    """
    return rows_from(connection.execute(statement("articles_told"), {"ids": list(article_ids)}))


def robots_captured(connection: duckdb.DuckDBPyConnection, since: datetime) -> list[tuple[str, int]]:
    """Return WARC file and offset of the newest answer for each robots.txt that came at or after a time."""
    rows = connection.execute(statement("robots_captured"), {"since": since}).fetchall()
    return [(str(name), int(offset)) for name, offset in rows]


def event_reports(connection: duckdb.DuckDBPyConnection, event_from_json: Callable[[str], Event]) -> list[EventReport]:
    """Return every coded report as linking asks for it; `event_from_json` reads the stored exchange format."""
    rows = rows_from(connection.execute(statement("event_reports")))
    return [EventReport(event=event_from_json(row.pop("event_json")), **row) for row in rows]


def identified_events(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return every event with what identifies it: `event_id`, `reports` (earliest first), `parties`."""
    return rows_from(connection.execute(statement("identified_events")))


def events_to_review(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return every event in doubt with its parties, a quote and the article it stands in, the latest first."""
    return rows_from(connection.execute(statement("events_to_review")))


def names_to_review(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return every name in an event that the gazetteer does not know, with count and example, the commonest first."""
    return rows_from(connection.execute(statement("names_to_review")))


def known_event_ids(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return every id that an event has or had."""
    return [str(name) for (name,) in connection.execute(statement("known_event_ids")).fetchall()]


def unresolved_ids(connection: duckdb.DuckDBPyConnection, event_ids: Sequence[str]) -> list[str]:
    """Return those of some event ids that name no event and of which the log does not say what became."""
    rows = connection.execute(statement("unresolved_ids"), {"ids": list(event_ids)}).fetchall()
    return [str(name) for (name,) in rows]


def latest_revisions(connection: duckdb.DuckDBPyConnection, since: datetime | None = None) -> pd.DataFrame:
    """Return the latest text of each article first seen at or after a time, with its outlet's country, owner and zone.

    For coding again; ordered by article.
    """
    return frame_from(connection.execute(statement("latest_revisions"), {"since": since}))


def days_to_compare(connection: duckdb.DuckDBPyConnection, *, anew: bool = False) -> list[date]:
    """Return the days of articles whose texts have changed since they were compared, in order; `anew`: of all."""
    rows = connection.execute(statement("days_to_compare"), {"anew": anew}).fetchall()
    return [day for (day,) in rows]


def texts_to_compare(
    connection: duckdb.DuckDBPyConnection, reach: datetime, since: datetime, until: datetime
) -> pd.DataFrame:
    """Return the latest texts of articles told from `reach` to `until`; `is_target`: not before `since`."""
    times = {"reach": reach, "since": since, "until": until}
    return frame_from(connection.execute(statement("texts_to_compare"), times))


def owners(connection: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    """Return the owner of each outlet, None where it is not known."""
    return dict(connection.execute(statement("owners")).fetchall())


def table(connection: duckdb.DuckDBPyConnection, name: str) -> pd.DataFrame:
    """Return a whole table, such as `core.events`, ordered by its key; an unknown name is a KeyError."""
    return frame_from(connection.execute(fill("table", table=name, keys=", ".join(KEYS[name]))))


def linked_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    """Return what weekly tables and report are made from, by bare table name (`events`, `articles`, `outlets` …)."""
    return {name.removeprefix("core."): table(connection, name) for name in (*EVENT_TABLES, *_BEHIND_EVENTS)}


def weekly_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    """Return the stored weekly tables by their bare names."""
    return {name: table(connection, f"mart.{name}") for name in WEEKLY_TABLES}


def loaded_bytes(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return up to which offset each WARC file is loaded."""
    return {str(name): int(size) for name, size in connection.execute("FROM ops.capture_files").fetchall()}


def coverage(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return one row per feed and night: polls, answers, new items, and polls before which items were missed."""
    return frame_from(connection.execute(statement("coverage")))


def feeds_of_night(connection: duckdb.DuckDBPyConnection, night: date) -> list[dict[str, Any]]:
    """Return the last poll of each feed in a night: its outcome and what it met.

    `entries_seen`, `entries_new` and `is_overlapping` are None where the poll says nothing of them.
    """
    return rows_from(connection.execute(statement("feeds_of_night"), {"night": night}))


def validations(connection: duckdb.DuckDBPyConnection, night: date) -> list[Validation]:
    """Return what was found of the rows judged in a night."""
    return [Validation(**row) for row in rows_from(connection.execute(statement("validations"), {"night": night}))]


def rejections(connection: duckdb.DuckDBPyConnection, night: date) -> list[Rejection]:
    """Return the rows that were refused in a night, with the reasons."""
    return [Rejection(**row) for row in rows_from(connection.execute(statement("rejections"), {"night": night}))]


def _wanted_page(row: Mapping[str, Any]) -> WantedPage:
    """Return a wanted page from its row: the entry's columns and those of the page's state."""
    of_entry = {field.name for field in dataclasses.fields(Entry)}
    state = {name: value for name, value in row.items() if name not in of_entry}
    return WantedPage(Entry(**{name: row[name] for name in of_entry}), **state)


def _with_outcome(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row with its outcome as a member of the closed list."""
    outcome = row["last_outcome"]
    return {**row, "last_outcome": None if outcome is None else Outcome(outcome)}
