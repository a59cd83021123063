"""What makes a row of each table one of its kind.

DuckDB's own primary keys cost twice the memory and file, so a key is kept by how rows are merged and is audited by
`checks/unique_keys.sql`. Read by `merge`, `store`, `read` and the tests.
"""

from __future__ import annotations

from typing import Final

KEYS: Final[dict[str, tuple[str, ...]]] = {
    "raw.captures": ("capture_id",),
    "raw.fetches": ("capture_id",),
    "raw.feed_entries": ("entry_id",),
    "core.outlets": ("outlet_id",),
    "core.feeds": ("feed_id",),
    "core.articles": ("article_id",),
    "core.article_revisions": ("revision_id",),
    "core.article_aliases": ("article_id",),
    "core.reprints": ("article_id",),
    "core.stories": ("article_id",),
    "core.organisations": ("organisation_id",),
    "core.events": ("event_id",),
    "core.event_parties": ("event_id", "ordinal"),
    "core.event_people": ("event_id", "ordinal"),
    "core.event_provisions": ("event_id", "provision"),
    "core.event_reports": ("report_id",),
    "core.event_evidence": ("evidence_id",),
    "core.event_history": ("event_id", "ordinal"),
    "core.corrections": ("correction_id",),
    "mart.weekly_country_pairs": ("week", "country_a", "country_b"),
    "mart.weekly_types": ("week", "type"),
    "mart.weekly_statuses": ("week", "status"),
    "mart.weekly_organisations": ("week", "organisation_id", "name"),
    "mart.weekly_outlets": ("week", "outlet_id"),
    "mart.weekly_languages": ("week", "language"),
    "ops.runs": ("run_id",),
    "ops.feed_state": ("feed_id",),
    "ops.feed_health": ("feed_id", "night"),
    "ops.page_state": ("article_id",),
    "ops.host_state": ("host",),
    "ops.coverage": ("feed_id", "polled_at"),
    "ops.validations": ("night", "table_name", "batch", "expectation", "column_name"),
    "ops.quarantine": ("night", "table_name", "row_id", "expectation", "column_name"),
    "ops.capture_files": ("warc_file",),
    "ops.retention": ("day",),
    "ops.text_files": ("path",),
    "ops.id_log": ("old_event_id", "new_event_id", "kind"),
    "ops.deliveries": ("week", "channel", "target"),
    "ops.migrations": ("number",),
}
