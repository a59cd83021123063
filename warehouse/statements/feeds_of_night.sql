-- The last poll of each feed in a night, and what it met.
SELECT
    attempt.outlet_id,
    attempt.feed_id,
    attempt.outcome,
    coverage.entries_seen,
    coverage.entries_new,
    coverage.is_overlapping
FROM raw.fetches AS attempt
LEFT JOIN ops.coverage AS coverage
    ON coverage.feed_id = attempt.feed_id AND coverage.polled_at = attempt.attempted_at
WHERE attempt.kind = 'feed' AND attempt.night = $night
QUALIFY row_number() OVER (PARTITION BY attempt.feed_id ORDER BY attempt.attempted_at DESC, attempt.capture_id) = 1
ORDER BY attempt.outlet_id, attempt.feed_id;
