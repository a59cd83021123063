-- How the machine fares: runs, states between runs, validations, quarantine and deliveries.

CREATE SCHEMA IF NOT EXISTS ops;

CREATE TABLE ops.runs (
    run_id VARCHAR NOT NULL,
    flow VARCHAR NOT NULL,
    night VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    state VARCHAR NOT NULL,
    summary_json VARCHAR
);
COMMENT ON TABLE ops.runs IS 'One row per run of a flow.';
COMMENT ON COLUMN ops.runs.run_id IS 'name of the run';
COMMENT ON COLUMN ops.runs.flow IS 'nightly, poll, weekly, backfill or recode';
COMMENT ON COLUMN ops.runs.night IS 'the local date, or the ISO week, that the run worked for';
COMMENT ON COLUMN ops.runs.started_at IS 'when it began';
COMMENT ON COLUMN ops.runs.ended_at IS 'when it ended; null while it runs or when it was killed';
COMMENT ON COLUMN ops.runs.state IS 'running, done, done_with_rejects, failed or killed';
COMMENT ON COLUMN ops.runs.summary_json IS 'counts and remarks of the run, as JSON';

CREATE TABLE ops.feed_state (
    feed_id VARCHAR NOT NULL,
    etag VARCHAR,
    last_modified VARCHAR,
    payload_digest VARCHAR,
    last_attempt_at TIMESTAMPTZ,
    last_success_at TIMESTAMPTZ,
    last_outcome VARCHAR,
    failures DOUBLE NOT NULL,
    next_due_at TIMESTAMPTZ,
    newest_item_at TIMESTAMPTZ,
    empty_polls INTEGER NOT NULL
);
COMMENT ON TABLE ops.feed_state IS 'One row per feed that was polled: what must be remembered until the next poll.';
COMMENT ON COLUMN ops.feed_state.feed_id IS 'the feed';
COMMENT ON COLUMN ops.feed_state.etag IS 'the ETag of the last answer';
COMMENT ON COLUMN ops.feed_state.last_modified IS 'the Last-Modified header of the last answer';
COMMENT ON COLUMN ops.feed_state.payload_digest IS 'digest of the last payload';
COMMENT ON COLUMN ops.feed_state.last_attempt_at IS 'when it was last polled';
COMMENT ON COLUMN ops.feed_state.last_success_at IS 'the last poll from which the items are known';
COMMENT ON COLUMN ops.feed_state.last_outcome IS 'how the last poll ended';
COMMENT ON COLUMN ops.feed_state.failures IS 'weight of the failures since the last success';
COMMENT ON COLUMN ops.feed_state.next_due_at IS 'when it is to be polled again; null for at once';
COMMENT ON COLUMN ops.feed_state.newest_item_at IS 'publication time of the newest item ever shown';
COMMENT ON COLUMN ops.feed_state.empty_polls IS 'how many polls in a row showed no items';

CREATE TABLE ops.feed_health (
    feed_id VARCHAR NOT NULL,
    night DATE NOT NULL,
    outcome VARCHAR,
    failures DOUBLE NOT NULL,
    last_success_at TIMESTAMPTZ,
    newest_item_at TIMESTAMPTZ,
    empty_polls INTEGER NOT NULL
);
COMMENT ON TABLE ops.feed_health IS 'One row per feed and night: how the feed stood after its last poll of that night.';
COMMENT ON COLUMN ops.feed_health.feed_id IS 'the feed';
COMMENT ON COLUMN ops.feed_health.night IS 'the night';
COMMENT ON COLUMN ops.feed_health.outcome IS 'how the last poll of that night ended';
COMMENT ON COLUMN ops.feed_health.failures IS 'weight of the failures since the last success';
COMMENT ON COLUMN ops.feed_health.last_success_at IS 'the last poll from which the items are known';
COMMENT ON COLUMN ops.feed_health.newest_item_at IS 'publication time of the newest item ever shown';
COMMENT ON COLUMN ops.feed_health.empty_polls IS 'how many polls in a row showed no items';

CREATE TABLE ops.page_state (
    article_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    last_attempt_at TIMESTAMPTZ NOT NULL,
    last_outcome VARCHAR NOT NULL,
    attempts INTEGER NOT NULL,
    next_due_at TIMESTAMPTZ
);
COMMENT ON TABLE ops.page_state IS 'One row per article whose page was asked for: what became of it and when to ask again.';
COMMENT ON COLUMN ops.page_state.article_id IS 'the article';
COMMENT ON COLUMN ops.page_state.url IS 'the address that was asked';
COMMENT ON COLUMN ops.page_state.last_attempt_at IS 'when it was last asked';
COMMENT ON COLUMN ops.page_state.last_outcome IS 'how that ended';
COMMENT ON COLUMN ops.page_state.attempts IS 'how often it was asked since it last answered';
COMMENT ON COLUMN ops.page_state.next_due_at IS 'when to ask again; null where nothing more is to be asked';

CREATE TABLE ops.host_state (
    host VARCHAR NOT NULL,
    last_attempt_at TIMESTAMPTZ NOT NULL,
    last_outcome VARCHAR NOT NULL,
    last_answer_at TIMESTAMPTZ
);
COMMENT ON TABLE ops.host_state IS 'One row per host that was asked: how it last behaved.';
COMMENT ON COLUMN ops.host_state.host IS 'name of the host';
COMMENT ON COLUMN ops.host_state.last_attempt_at IS 'when it was last asked';
COMMENT ON COLUMN ops.host_state.last_outcome IS 'how that ended';
COMMENT ON COLUMN ops.host_state.last_answer_at IS 'when it last answered at all';

CREATE TABLE ops.coverage (
    feed_id VARCHAR NOT NULL,
    polled_at TIMESTAMPTZ NOT NULL,
    previous_polled_at TIMESTAMPTZ,
    entries_seen INTEGER NOT NULL,
    entries_new INTEGER NOT NULL,
    is_overlapping BOOLEAN
);
COMMENT ON TABLE ops.coverage IS 'One row per feed and poll: whether the poll met the one before, or items may have been missed.';
COMMENT ON COLUMN ops.coverage.feed_id IS 'the feed';
COMMENT ON COLUMN ops.coverage.polled_at IS 'the time of the poll';
COMMENT ON COLUMN ops.coverage.previous_polled_at IS 'the poll before from which items are known; null for the first';
COMMENT ON COLUMN ops.coverage.entries_seen IS 'items that the feed showed';
COMMENT ON COLUMN ops.coverage.entries_new IS 'items among them that were not known';
COMMENT ON COLUMN ops.coverage.is_overlapping IS 'whether a known item was among them; null for the first poll, and where nothing was known before';

CREATE TABLE ops.validations (
    night DATE NOT NULL,
    table_name VARCHAR NOT NULL,
    batch VARCHAR NOT NULL,
    expectation VARCHAR NOT NULL,
    column_name VARCHAR,
    severity VARCHAR NOT NULL,
    is_success BOOLEAN NOT NULL,
    checked_count BIGINT NOT NULL,
    unexpected_count BIGINT NOT NULL,
    detail VARCHAR
);
COMMENT ON TABLE ops.validations IS 'One row per night, table, batch of rows and expectation: what the judging of all rows loaded that night found.';
COMMENT ON COLUMN ops.validations.night IS 'the night';
COMMENT ON COLUMN ops.validations.table_name IS 'the table whose rows were judged';
COMMENT ON COLUMN ops.validations.batch IS 'an outlet, or all';
COMMENT ON COLUMN ops.validations.expectation IS 'name of the expectation';
COMMENT ON COLUMN ops.validations.column_name IS 'the column it looks at; null for whole rows';
COMMENT ON COLUMN ops.validations.severity IS 'warning, or critical where failing rows are refused';
COMMENT ON COLUMN ops.validations.is_success IS 'whether every row passed';
COMMENT ON COLUMN ops.validations.checked_count IS 'rows looked at that night';
COMMENT ON COLUMN ops.validations.unexpected_count IS 'rows that failed';
COMMENT ON COLUMN ops.validations.detail IS 'what else is to be said';

CREATE TABLE ops.quarantine (
    night DATE NOT NULL,
    table_name VARCHAR NOT NULL,
    row_id VARCHAR NOT NULL,
    outlet_id VARCHAR,
    capture_id VARCHAR,
    expectation VARCHAR NOT NULL,
    column_name VARCHAR,
    raw_value VARCHAR,
    row_json VARCHAR NOT NULL
);
COMMENT ON TABLE ops.quarantine IS 'One row per row that was refused and per reason to refuse it.';
COMMENT ON COLUMN ops.quarantine.night IS 'the night';
COMMENT ON COLUMN ops.quarantine.table_name IS 'the table it was meant for';
COMMENT ON COLUMN ops.quarantine.row_id IS 'the key of the row';
COMMENT ON COLUMN ops.quarantine.outlet_id IS 'the outlet it came from';
COMMENT ON COLUMN ops.quarantine.capture_id IS 'the capture it came from';
COMMENT ON COLUMN ops.quarantine.expectation IS 'the expectation that it failed';
COMMENT ON COLUMN ops.quarantine.column_name IS 'the column with the value that failed';
COMMENT ON COLUMN ops.quarantine.raw_value IS 'that value as it came';
COMMENT ON COLUMN ops.quarantine.row_json IS 'the whole row as JSON, so that nothing is lost';

CREATE TABLE ops.capture_files (
    warc_file VARCHAR NOT NULL,
    loaded_bytes BIGINT NOT NULL
);
COMMENT ON TABLE ops.capture_files IS 'One row per WARC file of which something was loaded.';
COMMENT ON COLUMN ops.capture_files.warc_file IS 'the file, relative to the captures folder';
COMMENT ON COLUMN ops.capture_files.loaded_bytes IS 'everything before this offset is loaded';

CREATE TABLE ops.text_files (
    path VARCHAR NOT NULL,
    table_name VARCHAR NOT NULL,
    month VARCHAR NOT NULL,
    row_count BIGINT NOT NULL,
    file_bytes BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    is_current BOOLEAN NOT NULL
);
COMMENT ON TABLE ops.text_files IS 'One row per immutable Parquet file that holds texts moved out of this file.';
COMMENT ON COLUMN ops.text_files.path IS 'the file, absolute';
COMMENT ON COLUMN ops.text_files.table_name IS 'the table whose rows it holds';
COMMENT ON COLUMN ops.text_files.month IS 'the month of its rows, such as 2026-11';
COMMENT ON COLUMN ops.text_files.row_count IS 'rows in the file';
COMMENT ON COLUMN ops.text_files.file_bytes IS 'size of the file';
COMMENT ON COLUMN ops.text_files.digest IS 'SHA-256 of the file';
COMMENT ON COLUMN ops.text_files.is_current IS 'false once a newer file took its place';

CREATE TABLE ops.id_log (
    old_event_id VARCHAR NOT NULL,
    new_event_id VARCHAR,
    reason VARCHAR NOT NULL,
    logged_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE ops.id_log IS 'One row per event id that was given up, with what it resolves to.';
COMMENT ON COLUMN ops.id_log.old_event_id IS 'the id that was given up';
COMMENT ON COLUMN ops.id_log.new_event_id IS 'the id that it resolves to for ever; null where the event was withdrawn';
COMMENT ON COLUMN ops.id_log.reason IS 'merged, split, or withdrawn';
COMMENT ON COLUMN ops.id_log.logged_at IS 'when';

CREATE TABLE ops.deliveries (
    week VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    content_digest VARCHAR NOT NULL,
    delivered_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE ops.deliveries IS 'One row per week and channel that a delivery went out by.';
COMMENT ON COLUMN ops.deliveries.week IS 'ISO week of the delivery';
COMMENT ON COLUMN ops.deliveries.channel IS 'how it went out: folder, site, mail or notice';
COMMENT ON COLUMN ops.deliveries.target IS 'where it went';
COMMENT ON COLUMN ops.deliveries.content_digest IS 'digest of what was delivered';
COMMENT ON COLUMN ops.deliveries.delivered_at IS 'when';
