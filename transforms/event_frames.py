"""Events and reports as frames, one for each event table of the warehouse, with the columns of those tables.

Pure and in a fixed order of rows; `flows` hands the frames to `warehouse`. Empty input gives empty frames with all
columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from codebook.load import Codebook
from transforms.event_json import event_to_json
from transforms.linking import LinkedEvent, LinkedEvents, report_id
from transforms.plover import Plover, plover_of
from transforms.published_ids import Move
from transforms.records import Article, CodedArticle, EventReport, digest

_TEXT, _WHOLE, _SHARE, _TRUTH, _TIME, _ANY = "str", "Int64", "Float64", "boolean", "datetime64[us, UTC]", "object"
_EVENTS = {
    **dict.fromkeys(("event_id", "type", "event_group", "status", "outcome", "label"), _TEXT),
    "is_regional": _TRUTH,
    **dict.fromkeys(("scope", "series", "edition", "supersedes"), _TEXT),
    **dict.fromkeys(("countries", "regions", "date_start", "date_end"), _ANY),
    **dict.fromkeys(("date_granularity", "date_basis"), _TEXT),
    **dict.fromkeys(("first_reported_at", "last_reported_at"), _TIME),
    **dict.fromkeys(("report_count", "publisher_count"), _WHOLE),
    **dict.fromkeys(("place_name", "place_country"), _TEXT),
    "topics": _ANY,
    "confidence": _SHARE,
    "codebook_version": _TEXT,
    **dict.fromkeys(("plover_event_type", "plover_mode", "plover_cameo", "plover_quad_code", "plover_context"), _TEXT),
    "corrections": _ANY,
}
_PARTIES = {
    "event_id": _TEXT,
    "ordinal": _WHOLE,
    **dict.fromkeys(("organisation_id", "name", "role", "country"), _TEXT),
}
_PEOPLE = {"event_id": _TEXT, "ordinal": _WHOLE, "name": _TEXT, "office": _TEXT}
_PROVISIONS = {"event_id": _TEXT, "provision": _TEXT}
_REPORTS = {
    **dict.fromkeys(("report_id", "event_id", "article_id", "revision_id", "capture_id", "outlet_id"), _TEXT),
    "ordinal": _WHOLE,
    "published_at": _TIME,
    **dict.fromkeys(("type", "status", "outcome"), _TEXT),
    "confidence": _SHARE,
    "event_json": _TEXT,
    "rejected_event_id": _TEXT,
}
_EVIDENCE = {
    **dict.fromkeys(("evidence_id", "event_id", "report_id", "article_id", "revision_id", "capture_id"), _TEXT),
    **dict.fromkeys(("field", "quote"), _TEXT),
    **dict.fromkeys(("start_offset", "end_offset"), _WHOLE),
    "rule_ids": _ANY,
}
_HISTORY = {"event_id": _TEXT, "ordinal": _WHOLE, "status": _TEXT, "reported_at": _TIME, "article_id": _TEXT}
_ID_LOG = dict.fromkeys(("old_event_id", "new_event_id", "kind", "reason"), _TEXT)


def event_tables(
    linked: LinkedEvents, codebook: Codebook | None = None, moves: Iterable[Move] = ()
) -> dict[str, pd.DataFrame]:
    """Return a frame for each event table, by name; the PLOVER columns are empty without a codebook.

    `moves` say what became of published ids.
    """
    events = linked.events
    return {
        "core.events": _frame((_event(one, codebook) for one in events), _EVENTS),
        "core.event_parties": _frame((row for one in events for row in _parties(one)), _PARTIES),
        "core.event_people": _frame((row for one in events for row in _people(one)), _PEOPLE),
        "core.event_provisions": _frame((row for one in events for row in _provisions(one)), _PROVISIONS),
        "core.event_reports": _frame(
            [
                *(_report(report, one.event.event_id) for one in events for report in one.reports),
                *(_report(report, None, one.event.event_id) for one in linked.rejected for report in one.reports),
            ],
            _REPORTS,
        ),
        "core.event_evidence": _frame((row for one in events for row in _evidence(one)), _EVIDENCE),
        "core.event_history": _frame((row for one in events for row in _history(one)), _HISTORY),
        "ops.id_log": _frame((asdict(move) for move in moves), _ID_LOG),
    }


def report_frame(coded: Sequence[tuple[Article, CodedArticle]]) -> pd.DataFrame:
    """Return the reports of freshly coded articles, not yet linked; undated articles count from their capture."""
    rows = [row for article, result in coded for row in _fresh_reports(article, result)]
    return _frame(rows, _REPORTS)


def reports_table(reports: Iterable[EventReport]) -> pd.DataFrame:
    """Return reports as rows of their table, not yet linked."""
    return _frame((_report(report, None) for report in reports), _REPORTS)


def _fresh_reports(article: Article, coded: CodedArticle) -> Iterable[dict[str, Any]]:
    """Yield the reports of one article."""
    for ordinal, event in enumerate(coded.events):
        yield {
            "report_id": report_id(article.article_id, ordinal, event),
            "event_id": None,
            "article_id": article.article_id,
            "revision_id": article.revision_id,
            "capture_id": article.capture_id,
            "outlet_id": article.outlet_id,
            "ordinal": ordinal,
            "published_at": article.published_at or article.captured_at,
            "type": event.type,
            "status": event.status,
            "outcome": event.outcome,
            "confidence": event.confidence,
            "event_json": event_to_json(event),
            "rejected_event_id": None,
        }


def _frame(rows: Iterable[dict[str, Any]], types: dict[str, str]) -> pd.DataFrame:
    """Return rows as a frame with exactly these columns and types."""
    listed = list(rows)
    return pd.DataFrame({name: pd.Series([row[name] for row in listed], dtype=kind) for name, kind in types.items()})


def _event(linked: LinkedEvent, codebook: Codebook | None) -> dict[str, Any]:
    """Return the row of core.events."""
    event = linked.event
    plover = plover_of(event, codebook) if codebook else Plover(None, None, None, None)
    same = "event_id type status outcome label is_regional scope series edition supersedes date_start date_end"
    return {
        **{name: getattr(event, name) for name in same.split()},
        "event_group": event.group,
        "date_granularity": event.date_granularity,
        "date_basis": event.date_basis,
        **{name: list(getattr(event, name)) for name in ("countries", "regions", "topics", "corrections")},
        "first_reported_at": linked.reports[0].published_at,
        "last_reported_at": linked.reports[-1].published_at,
        "report_count": len({report.article_id for report in linked.reports}),
        "publisher_count": linked.publisher_count,
        "place_name": event.place.name if event.place else None,
        "place_country": event.place.country if event.place else None,
        "confidence": event.confidence,
        "codebook_version": event.codebook,
        **{f"plover_{name}": getattr(plover, name) for name in ("event_type", "mode", "cameo", "quad_code", "context")},
    }


def _parties(linked: LinkedEvent) -> Iterable[dict[str, Any]]:
    """Yield the rows of core.event_parties; ordinals count from 1."""
    for ordinal, one in enumerate(linked.event.organisations, 1):
        yield {
            "event_id": linked.event.event_id,
            "ordinal": ordinal,
            "organisation_id": one.id,
            "name": one.name,
            "role": one.role,
            "country": one.country,
        }


def _people(linked: LinkedEvent) -> Iterable[dict[str, Any]]:
    """Yield the rows of core.event_people; ordinals count from 1."""
    for ordinal, one in enumerate(linked.event.people, 1):
        yield {"event_id": linked.event.event_id, "ordinal": ordinal, "name": one.name, "office": one.office}


def _provisions(linked: LinkedEvent) -> Iterable[dict[str, Any]]:
    """Yield the rows of core.event_provisions."""
    for provision in linked.event.provisions:
        yield {"event_id": linked.event.event_id, "provision": provision}


def _report(report: EventReport, event_id: str | None, rejected_event_id: str | None = None) -> dict[str, Any]:
    """Return the row of core.event_reports."""
    event = report.event
    same = "report_id article_id revision_id capture_id outlet_id ordinal published_at"
    return {
        **{name: getattr(report, name) for name in same.split()},
        "event_id": event_id,
        "type": event.type,
        "status": event.status,
        "outcome": event.outcome,
        "confidence": event.confidence,
        "event_json": event_to_json(event),
        "rejected_event_id": rejected_event_id,
    }


def _evidence(linked: LinkedEvent) -> Iterable[dict[str, Any]]:
    """Yield the rows of core.event_evidence: every quote of every report."""
    for report in linked.reports:
        for ordinal, quote in enumerate(report.event.evidence):
            yield {
                "evidence_id": digest("evidence", report.report_id, str(ordinal)),
                "event_id": linked.event.event_id,
                "report_id": report.report_id,
                "article_id": report.article_id,
                "revision_id": report.revision_id,
                "capture_id": report.capture_id,
                "field": quote.field,
                "quote": quote.quote,
                "start_offset": quote.start,
                "end_offset": quote.end,
                "rule_ids": list(quote.rule_ids),
            }


def _history(linked: LinkedEvent) -> Iterable[dict[str, Any]]:
    """Yield the rows of core.event_history; ordinals count from 1."""
    for ordinal, change in enumerate(linked.history, 1):
        yield {
            "event_id": linked.event.event_id,
            "ordinal": ordinal,
            "status": change.status,
            "reported_at": change.report.published_at,
            "article_id": change.report.article_id,
        }
