-- What is no longer kept of the captures, so that what a rebuild would miss can be told.

CREATE TABLE ops.retention (
    day DATE NOT NULL,
    reason VARCHAR NOT NULL,
    file_count INTEGER NOT NULL,
    file_bytes BIGINT NOT NULL,
    answer_count BIGINT NOT NULL,
    removed_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE ops.retention IS 'One row per day whose captures were removed to make room: a rebuild can no longer make what came from them.';
COMMENT ON COLUMN ops.retention.day IS 'the day of the captures, in UTC, which names their folder';
COMMENT ON COLUMN ops.retention.reason IS 'age or size: which of the settings of housekeeping asked for it';
COMMENT ON COLUMN ops.retention.file_count IS 'WARC files that were removed';
COMMENT ON COLUMN ops.retention.file_bytes IS 'their size';
COMMENT ON COLUMN ops.retention.answer_count IS 'rows of raw.captures whose bytes were in them';
COMMENT ON COLUMN ops.retention.removed_at IS 'when they were removed';
