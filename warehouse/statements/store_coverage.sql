-- Says of one poll (a capture of a feed) whether it met what was known before; `incoming` holds the entries it showed.
-- A poll answered "not modified" or "unchanged" missed nothing; one that failed says nothing and gets no row.
INSERT INTO ops.coverage BY NAME
WITH poll AS (
    SELECT feed_id, attempted_at AS polled_at, outcome
    FROM raw.fetches
    WHERE capture_id = $capture_id
      AND outcome IN ('fetched', 'empty', 'frozen', 'not_modified', 'unchanged')
),
shown AS (
    SELECT entry_id, article_id, guid FROM incoming WHERE capture_id = $capture_id
),
known AS (
    SELECT held.entry_id, held.article_id, held.guid
    FROM raw.feed_entries AS held
    JOIN poll ON held.feed_id = poll.feed_id AND held.seen_at < poll.polled_at
),
met AS (
    SELECT
        entry_id,
        entry_id IN (SELECT entry_id FROM known)
        OR coalesce(article_id IN (SELECT article_id FROM known WHERE article_id IS NOT NULL), false)
        OR coalesce(guid IN (SELECT guid FROM known WHERE guid IS NOT NULL), false) AS is_known
    FROM shown
),
earlier AS (
    SELECT max(held.polled_at) AS polled_at
    FROM ops.coverage AS held
    JOIN poll ON held.feed_id = poll.feed_id AND held.polled_at < poll.polled_at
)
SELECT
    poll.feed_id,
    poll.polled_at,
    earlier.polled_at AS previous_polled_at,
    (SELECT count(*) FROM met) AS entries_seen,
    (SELECT count(*) FROM met WHERE NOT is_known) AS entries_new,
    CASE
        WHEN earlier.polled_at IS NULL THEN NULL
        WHEN poll.outcome IN ('not_modified', 'unchanged') THEN true
        ELSE (SELECT bool_or(is_known) FROM met)
    END AS is_overlapping
FROM poll, earlier
WHERE NOT EXISTS (
    SELECT 1 FROM ops.coverage AS held WHERE held.feed_id = poll.feed_id AND held.polled_at = poll.polled_at
);
