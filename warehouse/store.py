"""All that is ever written into the tables: each function is one short transaction, and may be repeated without harm.

It judges nothing and computes no event. What would let a run skip work next time (feed state, page state, progress in
a WARC file) is written last. Called by `flows`, in the one process that holds the writer's lock.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

import duckdb
import pandas as pd

from codebook.load import OrganisationEntry
from transforms.records import ArticleAlias, CodedArticle, Correction, FeedState, Outlet, Rejection, Validation
from warehouse.batches import ArticleBatch, FeedBatch, FillingBatch
from warehouse.capture_rows import answer_row, fetch_row
from warehouse.merge import incoming, insert_new, replace_all, upsert
from warehouse.open import transaction
from warehouse.statements import statement
from warehouse.tables import ArrowTable, fit_frame, fit_records, fit_rows

EVENT_TABLES: Final = (
    "core.events",
    "core.event_parties",
    "core.event_people",
    "core.event_provisions",
    "core.event_reports",
    "core.event_evidence",
    "core.event_history",
)
WEEKLY_TABLES: Final = (
    "weekly_country_pairs",
    "weekly_types",
    "weekly_statuses",
    "weekly_organisations",
    "weekly_outlets",
    "weekly_languages",
)


def store_catalogue(connection: duckdb.DuckDBPyConnection, outlets: Iterable[Outlet]) -> None:
    """Bring outlets and feeds up to date; an outlet that left the catalogue stays, because its articles do."""
    known = list(outlets)
    feeds = [feed for outlet in known for feed in outlet.feeds]
    with transaction(connection):
        upsert(connection, "core.outlets", fit_records(connection, "core.outlets", known))
        upsert(connection, "core.feeds", fit_records(connection, "core.feeds", feeds))


def store_organisations(connection: duckdb.DuckDBPyConnection, organisations: Mapping[str, OrganisationEntry]) -> None:
    """Bring the gazetteer up to date; an organisation that left it stays, because its events do."""
    rows = [
        {
            "organisation_id": organisation.id,
            "name": organisation.name,
            "kind": organisation.kind,
            "country": organisation.country,
            "owner": organisation.owner,
            "wikidata": organisation.wikidata,
            "known_by": organisation.known_by,
        }
        for organisation in organisations.values()
    ]
    with transaction(connection):
        upsert(connection, "core.organisations", fit_rows(connection, "core.organisations", rows))


def store_feed_batch(connection: duckdb.DuckDBPyConnection, batch: FeedBatch) -> int:
    """Store captures, attempts, entries, coverage and judgements of some feeds, their states last.

    Returns how many of the entries were new.
    """
    added = 0
    with transaction(connection):
        is_news = _store_captures(connection, batch)
        if batch.entries is not None:
            rows = fit_frame(connection, "raw.feed_entries", batch.entries)
            added = insert_new(connection, "raw.feed_entries", rows, first_by="seen_at")
            _store_coverage(connection, batch, rows)
        _store_judgements(connection, batch, is_news=is_news)
        _store_feed_states(connection, batch.night, batch.states)
        _store_progress(connection, batch.progress)
    return added


def store_filling_batch(connection: duckdb.DuckDBPyConnection, batch: FillingBatch) -> None:
    """Store what was asked for to fill gaps, the entries found, and what each gap has got; feeds' states stay."""
    gaps = [
        {"feed_id": feed_id, "polled_at": polled_at, "is_filled": is_filled}
        for (feed_id, polled_at), is_filled in batch.gaps.items()
    ]
    with transaction(connection):
        is_news = _store_captures(connection, batch)
        rows = fit_frame(connection, "raw.feed_entries", batch.entries)
        insert_new(connection, "raw.feed_entries", rows, first_by="seen_at")
        with incoming(connection, fit_rows(connection, "ops.coverage", gaps)):
            connection.execute(statement("store_filling"))
        _store_judgements(connection, batch, is_news=is_news)
        _store_progress(connection, batch.progress)


def store_article_batch(connection: duckdb.DuckDBPyConnection, batch: ArticleBatch) -> None:
    """Store captures, revisions, codings and judgements of some pages, the pages' states last."""
    with transaction(connection):
        is_news = _store_captures(connection, batch)
        if batch.articles is not None:
            _store_revisions(connection, batch.articles)
        _store_aliases(connection, batch.aliases)
        _store_codings(connection, batch)
        _store_judgements(connection, batch, is_news=is_news)
        pages = fit_records(connection, "ops.page_state", batch.pages)
        upsert(connection, "ops.page_state", pages, newer_by="last_attempt_at")
        _store_progress(connection, batch.progress)


def store_events(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pd.DataFrame], logged_at: datetime
) -> None:
    """Make the linked event tables hold exactly these frames, named as `EVENT_TABLES`, touching only what differs.

    The frame `ops.id_log`, if there is one, says what became of published ids; what is logged already stays as it is.
    """
    with transaction(connection):
        _store_linked(connection, tables, logged_at)


def store_recoding(
    connection: duckdb.DuckDBPyConnection,
    coded: Iterable[CodedArticle],
    tables: Mapping[str, pd.DataFrame],
    logged_at: datetime,
) -> None:
    """Store what all articles say when coded anew: their relevance, their reports (in `tables`) and the events."""
    with transaction(connection):
        _store_relevance(connection, coded)
        _store_linked(connection, tables, logged_at)


def restore_id_log(connection: duckdb.DuckDBPyConnection, moves: Iterable[Mapping[str, object]]) -> None:
    """Make the log of ids hold exactly these rows: in a rebuild, what the ledger says was logged."""
    with transaction(connection):
        replace_all(connection, "ops.id_log", fit_rows(connection, "ops.id_log", moves))


def store_corrections(connection: duckdb.DuckDBPyConnection, corrections: Iterable[Correction]) -> None:
    """Store people's decisions; one that is stored stays as it is."""
    with transaction(connection):
        insert_new(connection, "core.corrections", fit_records(connection, "core.corrections", corrections))


def store_comparison(connection: duckdb.DuckDBPyConnection, reprints: pd.DataFrame, followers: pd.DataFrame) -> None:
    """Store what the comparison of some articles found: which republish others, and what each one of them follows.

    `followers` has a row for each article that was compared; its former reprint goes away if it is none any more. The
    stories themselves are told on by `settle_stories`.
    """
    compared = fit_frame(connection, "core.stories", followers)
    with transaction(connection):
        upsert(connection, "core.reprints", fit_frame(connection, "core.reprints", reprints))
        with incoming(connection, compared):
            connection.execute(statement("forget_reprints"), {"kept": [str(one) for one in reprints["article_id"]]})
            connection.execute(statement("follow_stories"))


def settle_stories(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every article the story of the one that it follows, and forget articles that are gone.

    The longest chain decides how often the table is gone through; nothing is written where nothing has changed.
    """
    with transaction(connection):
        connection.execute(statement("forget_compared"))
        while connection.execute(statement("tell_stories_on")).fetchone() not in (None, (0,)):
            pass


def store_weekly(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pd.DataFrame]) -> None:
    """Make the weekly tables hold exactly these frames, named as `WEEKLY_TABLES`; an unknown name is a ValueError."""
    if unknown := tables.keys() - set(WEEKLY_TABLES):
        raise ValueError(f"There is no weekly table {', '.join(sorted(unknown))}")
    with transaction(connection):
        for name, frame in tables.items():
            replace_all(connection, f"mart.{name}", fit_frame(connection, f"mart.{name}", frame))


def start_run(connection: duckdb.DuckDBPyConnection, run_id: str, flow: str, night: str, started_at: datetime) -> None:
    """Record that a run of a flow began, for a local date or an ISO week; one that never ended was killed."""
    row = {"run_id": run_id, "flow": flow, "night": night, "started_at": started_at, "state": "running"}
    with transaction(connection):
        connection.execute(statement("note_killed_runs"))
        upsert(connection, "ops.runs", fit_rows(connection, "ops.runs", [row]))


def end_run(
    connection: duckdb.DuckDBPyConnection, run_id: str, ended_at: datetime, state: str, summary: Mapping[str, Any]
) -> None:
    """Record how a run ended, with its counts."""
    summary_json = json.dumps(summary, ensure_ascii=False, sort_keys=True, default=str)
    with transaction(connection):
        connection.execute(statement("end_run"), [ended_at, state, summary_json, run_id])


def _store_captures(connection: duckdb.DuckDBPyConnection, batch: FeedBatch | FillingBatch | ArticleBatch) -> bool:
    """Store every attempt, every answer, and how the hosts behaved; say whether an attempt among them is new."""
    errors = batch.errors if isinstance(batch, FeedBatch) else {}
    attempts = [fetch_row(capture, batch.night, batch.outcomes, errors) for capture in batch.captures]
    answers = [answer_row(capture) for capture in batch.captures if capture.response.status is not None]
    insert_new(connection, "raw.captures", fit_rows(connection, "raw.captures", answers))
    rows = fit_rows(connection, "raw.fetches", attempts)
    added = insert_new(connection, "raw.fetches", rows)
    with incoming(connection, rows):
        connection.execute(statement("store_hosts"))
    return added > 0 or not batch.captures


def _store_coverage(connection: duckdb.DuckDBPyConnection, batch: FeedBatch, entries: ArrowTable) -> None:
    """Say of each poll in order of time whether it met what was known before it."""
    polls = sorted((c for c in batch.captures if c.request.feed_id is not None), key=lambda capture: capture.fetched_at)
    with incoming(connection, entries):
        for poll in polls:
            known = {"capture_id": poll.capture_id, "items_per_hour": batch.paces.get(poll.capture_id)}
            connection.execute(statement("store_coverage"), known)


def _store_revisions(connection: duckdb.DuckDBPyConnection, articles: pd.DataFrame) -> None:
    """Store readings of pages as revisions: a new text is a new row, a known text was only seen again."""
    with incoming(connection, fit_frame(connection, "core.article_revisions", articles)):
        connection.execute(statement("store_revisions"))
        connection.execute(statement("refresh_articles"))


def _store_aliases(connection: duckdb.DuckDBPyConnection, aliases: Iterable[ArticleAlias]) -> None:
    """Store further addresses of articles, as far as the articles came in."""
    with incoming(connection, fit_records(connection, "core.article_aliases", aliases)):
        connection.execute(statement("store_aliases"))


def _store_codings(connection: duckdb.DuckDBPyConnection, batch: ArticleBatch) -> None:
    """Store what the coder said; an article's earlier reports that it no longer makes go away."""
    _store_relevance(connection, batch.coded)
    if batch.reports is not None:
        upsert(connection, "core.event_reports", fit_frame(connection, "core.event_reports", batch.reports))
        kept = [str(report_id) for report_id in batch.reports["report_id"]]
        ids = {"articles": [coded.id for coded in batch.coded], "kept": kept}
        connection.execute(statement("forget_reports"), ids)


def _store_relevance(connection: duckdb.DuckDBPyConnection, coded: Iterable[CodedArticle]) -> None:
    """Store of each article whether it reports co-operation."""
    codings = [
        {"article_id": one.id, "relevance": one.relevance, "relevance_confidence": one.confidence} for one in coded
    ]
    with incoming(connection, fit_rows(connection, "core.articles", codings)):
        connection.execute(statement("store_relevance"))


def _store_judgements(
    connection: duckdb.DuckDBPyConnection, batch: FeedBatch | FillingBatch | ArticleBatch, *, is_news: bool
) -> None:
    """Store the rows that were refused, and add what Great Expectations found to what the night has found so far.

    A load that only repeats an earlier one adds nothing.
    """
    refused = [_quarantine_row(rejection, batch.night) for rejection in batch.rejections]
    upsert(connection, "ops.quarantine", fit_rows(connection, "ops.quarantine", refused))
    if is_news:
        found = [_validation_row(validation, batch.night) for validation in batch.validations]
        with incoming(connection, fit_rows(connection, "ops.validations", found)):
            connection.execute(statement("add_validations"))


def _validation_row(validation: Validation, night: date) -> dict[str, object]:
    """Return the row of ops.validations for one expectation's result."""
    return {
        "night": night,
        "table_name": validation.table,
        "batch": validation.batch,
        "expectation": validation.expectation,
        "column_name": validation.column,
        "severity": validation.severity,
        "is_success": validation.is_success,
        "checked_count": validation.checked_count,
        "unexpected_count": validation.unexpected_count,
        "detail": validation.detail,
    }


def _quarantine_row(rejection: Rejection, night: date) -> dict[str, object]:
    """Return the row of ops.quarantine for one refused row and reason."""
    return {
        "night": night,
        "table_name": rejection.table,
        "row_id": rejection.row_id,
        "outlet_id": rejection.outlet_id,
        "capture_id": rejection.capture_id,
        "expectation": rejection.expectation,
        "column_name": rejection.column,
        "raw_value": rejection.raw_value,
        "row_json": rejection.row_json,
    }


def _store_feed_states(connection: duckdb.DuckDBPyConnection, night: date, states: Iterable[FeedState]) -> None:
    """Store where the feeds stand now, and where they stood this night."""
    rows = fit_records(connection, "ops.feed_state", states)
    upsert(connection, "ops.feed_state", rows, newer_by="last_attempt_at")
    health = rows.select(["feed_id", "failures", "last_success_at", "newest_item_at", "empty_polls", "last_outcome"])
    health = health.rename_columns({"last_outcome": "outcome"})
    nights = fit_rows(connection, "ops.feed_health", [{**row, "night": night} for row in health.to_pylist()])
    upsert(connection, "ops.feed_health", nights)


def _store_progress(connection: duckdb.DuckDBPyConnection, progress: Mapping[str, int]) -> None:
    """Remember up to where each WARC file is loaded; never less than before."""
    rows = [{"warc_file": name, "loaded_bytes": size} for name, size in progress.items()]
    upsert(connection, "ops.capture_files", fit_rows(connection, "ops.capture_files", rows), newer_by="loaded_bytes")


def _store_linked(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pd.DataFrame], logged_at: datetime
) -> None:
    """Replace the event tables, and log what became of published ids."""
    for table in EVENT_TABLES:
        replace_all(connection, table, fit_frame(connection, table, tables[table]))
    moved = tables.get("ops.id_log")
    if moved is not None and not moved.empty:
        with incoming(connection, fit_frame(connection, "ops.id_log", moved.assign(logged_at=logged_at))):
            connection.execute(statement("log_moved"))
    connection.execute(statement("forget_moves"))
