-- One row per article to fetch: its newest entry, and what is remembered of its page; of too many, the newest.
WITH wanted AS (
    SELECT
        entry.*,
        CASE WHEN page.last_outcome IN ('fetched', 'not_modified', 'unchanged') THEN 0 ELSE coalesce(page.attempts, 0) END
            AS attempts,
        page.etag,
        page.last_modified,
        page.payload_digest,
        page.first_read_at
    FROM raw.feed_entries AS entry
    LEFT JOIN ops.page_state AS page ON page.article_id = entry.article_id
    WHERE entry.article_id IS NOT NULL
      AND entry.url IS NOT NULL
      AND (page.article_id IS NULL OR page.next_due_at <= $now OR entry.seen_at > page.last_attempt_at)
    QUALIFY row_number() OVER (PARTITION BY entry.article_id ORDER BY entry.seen_at DESC, entry.entry_id) = 1
)
SELECT *
FROM wanted
QUALIFY $limit::BIGINT IS NULL OR row_number() OVER (ORDER BY seen_at DESC, entry_id) <= $limit::BIGINT
ORDER BY outlet_id, seen_at, entry_id;
