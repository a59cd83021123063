-- Says of one poll (a capture of a feed) whether it met what was known before; `incoming` holds the entries it showed.
-- A poll answered "not modified" or "unchanged" missed nothing, nor did one of a frozen feed that was not read again;
-- one that failed says nothing and gets no row. Where two polls do not meet, what lay between them is estimated: the
-- feed's pace, over the hours between, less what was seen. The pace is that of the items met in the week before the gap;
-- of a feed watched for less than a day, that of the dates of its items ($items_per_hour). It knows no hour of the day
-- and no weekend, so of one gap the estimate says little more than the order; over a week it evens out. Its bound of
-- 5,000 is a week of a large agency, and keeps misdated feeds and long outages from drowning the sum.
INSERT INTO ops.coverage BY NAME
WITH poll AS (
    SELECT feed_id, attempted_at AS polled_at, outcome
    FROM raw.fetches
    WHERE capture_id = $capture_id
      AND kind = 'feed'
      AND outcome IN ('fetched', 'empty', 'silent', 'frozen', 'not_modified', 'unchanged')
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
),
week_before AS (
    SELECT sum(held.entries_new) AS items, sum(epoch(held.polled_at - held.previous_polled_at)) / 3600 AS hours
    FROM ops.coverage AS held, poll, earlier
    WHERE held.feed_id = poll.feed_id
      AND held.is_overlapping
      AND held.polled_at > earlier.polled_at - INTERVAL 7 DAY
      AND held.polled_at < poll.polled_at
),
pace AS (
    SELECT CASE WHEN hours >= 24 THEN items / hours ELSE $items_per_hour::DOUBLE END AS items_per_hour FROM week_before
),
judged AS (
    SELECT
        poll.feed_id,
        poll.polled_at,
        earlier.polled_at AS previous_polled_at,
        (SELECT count(*) FROM met) AS entries_seen,
        (SELECT count(*) FROM met WHERE NOT is_known) AS entries_new,
        CASE
            WHEN earlier.polled_at IS NULL THEN NULL
            WHEN NOT EXISTS (FROM known) AND poll.outcome = 'fetched' THEN NULL  -- it was empty until now: nothing to meet
            WHEN poll.outcome IN ('not_modified', 'unchanged') THEN true
            WHEN poll.outcome = 'frozen' THEN coalesce((SELECT bool_or(is_known) FROM met), true)
            ELSE (SELECT bool_or(is_known) FROM met)
        END AS is_overlapping
    FROM poll, earlier
)
SELECT
    judged.*,
    CASE
        WHEN is_overlapping THEN 0
        WHEN NOT is_overlapping AND items_per_hour IS NOT NULL THEN greatest(0, least(5000, round(
            items_per_hour * epoch(polled_at - previous_polled_at) / 3600 - entries_seen
        )))
    END::INTEGER AS entries_lost_estimate
FROM judged, pace
WHERE NOT EXISTS (
    SELECT 1 FROM ops.coverage AS held WHERE held.feed_id = judged.feed_id AND held.polled_at = judged.polled_at
);
