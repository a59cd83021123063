"""The recode flow: all stored texts coded with the present codebook and coder, and what that changes, before it counts.

By itself it compares and writes a report; only when told to apply does it store and publish. Events keep their ids. It
fetches nothing and reads no page again: that is what a rebuild is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from prefect import flow

from codebook.load import Codebook, load_codebook
from expectations.judge import judge
from flows.comparing import compare_texts
from flows.context import RunContext, open_run
from flows.ledger import noted
from flows.linking import events_of
from flows.naming import name_of_run, with_patience
from flows.publishing import audit, publish
from flows.recode_texts import recoded
from flows.settings import Settings, load_settings
from flows.stages import stage
from transforms.event_frames import event_tables, reports_table
from transforms.event_json import event_from_json
from transforms.linking import report_id
from transforms.recoding import COLUMNS, Difference, differences, recoding_page
from transforms.records import CodedArticle, EventReport
from transforms.reprints import text_roots
from warehouse import read, store
from warehouse.csv_files import write_csv
from warehouse.open import read_only

_COMPARED = ("core.events", "core.event_parties", "core.event_people", "core.event_provisions")


@flow(name="recode", flow_run_name=name_of_run, persist_result=False)
def recode(home: str | None = None, *, apply: bool = False) -> dict[str, Any]:
    """Code all stored texts again, and return how many events that gains, loses and changes, and where the report is.

    The long part works on the published copy, so that other runs go on; then the writer's lock is taken. Raises Busy
    when another process writes, RunFailed when a text cannot be coded or when the audit of what was stored fails.
    """
    settings = with_patience(load_settings(Path(home) if home else None))
    stage("code what is published", partial(_code_ahead, settings))
    with open_run("recode", settings) as context:
        folder = folder_of(settings, context.codebook)
        texts = read.latest_revisions(context.warehouse)
        work = partial(recoded, texts, context.codebook, settings, folder / "coded.jsonl")
        coded = stage("code what is new", work)
        settle = partial(_settle, texts=texts, coded=coded, folder=folder, is_applied=apply)
        found = stage("compare", partial(noted, context, "link", settle) if apply else partial(settle, context))
        if apply:
            stage("audit", partial(audit, context))
            stage("publish", partial(publish, context), retries=2)
        return {"texts": len(texts), **_counts(found), "report": str(folder / "report.md"), "applied": apply}


def folder_of(settings: Settings, codebook: Codebook) -> Path:
    """Return where a recoding keeps its codings and its report."""
    return settings.home / "recode" / name_of(codebook)


def name_of(codebook: Codebook) -> str:
    """Return a codebook's version with what tells it from others of that version."""
    return f"{codebook.version}-{codebook.digest[:8]}"


def _code_ahead(settings: Settings) -> None:
    """Code what the published copy holds, without keeping any other run waiting."""
    published = settings.home / "published" / "monitor.duckdb"
    if not published.exists():
        return
    codebook = load_codebook(
        extra_organisations=settings.codebook.extra_organisations, extra_series=settings.codebook.extra_series
    )
    with read_only(published) as connection:
        texts = read.latest_revisions(connection)
    recoded(texts, codebook, settings, folder_of(settings, codebook) / "coded.jsonl")


def _settle(
    context: RunContext, texts: pd.DataFrame, coded: Sequence[CodedArticle], folder: Path, *, is_applied: bool
) -> list[Difference]:
    """Link what was coded, write down how it differs from what is stored, and store it if it is to be applied."""
    if is_applied:  # whose names a credit may give is the codebook's word, too
        compare_texts(context.warehouse, context.codebook, anew=True)
    originals = text_roots(read.table(context.warehouse, "core.reprints"))
    cause = f"recode to {name_of(context.codebook)}"
    kept = events_of(context, _reports(context, texts, coded), originals, cause)
    after = event_tables(kept.linked, context.codebook, kept.moves)
    before = {name: read.table(context.warehouse, name) for name in _COMPARED}
    found = differences(before, after, kept.moves)
    _write(folder, found, recoding_page(found, name_of(context.codebook), len(texts), is_applied=is_applied))
    if is_applied:
        store.store_recoding(context.warehouse, coded, after, context.clock())
        context.counts["events"] = len(kept.linked.events)
    context.counts.update(_counts(found))
    return found


def _reports(context: RunContext, texts: pd.DataFrame, coded: Sequence[CodedArticle]) -> list[EventReport]:
    """Return the reports that the codings make and that may come in, with the times that stored reports have."""
    stored = {one.revision_id: one for one in read.event_reports(context.warehouse, event_from_json)}
    made = [
        report
        for row, article in zip(texts.to_dict("records"), coded, strict=True)
        for report in _reports_of(row, article, stored.get(row["revision_id"]))
    ]
    accepted = set(judge("event_reports", reports_table(made)).accepted["report_id"])
    context.count("rejects", len(made) - len(accepted))
    return [report for report in made if report.report_id in accepted]


def _reports_of(row: dict[Any, Any], coded: CodedArticle, stored: EventReport | None) -> list[EventReport]:
    """Return the reports of one text; `stored` is a report that its present revision already has, if any."""
    published = row["captured_at"] if pd.isna(row["published_at"]) else row["published_at"]
    return [
        EventReport(
            report_id=report_id(coded.id, ordinal, event),
            article_id=coded.id,
            revision_id=row["revision_id"],
            capture_id=stored.capture_id if stored else row["capture_id"],
            outlet_id=row["outlet_id"],
            owner=row["owner"],
            canonical_url=row["canonical_url"],
            published_at=stored.published_at if stored else published.to_pydatetime(),
            time_zone=row["time_zone"],
            ordinal=ordinal,
            text_digest=row["text_digest"],
            event=event,
        )
        for ordinal, event in enumerate(coded.events)
    ]


def _write(folder: Path, found: Sequence[Difference], page: str) -> None:
    """Write the differences for people and for programs."""
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "events.csv", COLUMNS, [list(asdict(one).values()) for one in found])
    (folder / "report.md").write_text(page, encoding="utf-8")


def _counts(found: Sequence[Difference]) -> dict[str, int]:
    """Return how many events each kind of change touches."""
    touched = {(one.change, one.event_id) for one in found}
    kinds = [change for change, _ in touched]
    return {f"events_{change}": kinds.count(change) for change in ("gained", "lost", "changed")}
