-- The latest gap of each feed between two moments: a poll that met nothing of what the feed had shown before, with the
-- 500 articles that the feed showed last. A feed that had shown nothing before has no gap.
WITH gap AS (
    SELECT coverage.feed_id, feed.outlet_id, feed.language, coverage.previous_polled_at AS since, coverage.polled_at AS until
    FROM ops.coverage AS coverage
    JOIN core.feeds AS feed ON feed.feed_id = coverage.feed_id
    WHERE NOT coverage.is_overlapping AND coverage.polled_at BETWEEN $since AND $until
    QUALIFY row_number() OVER (PARTITION BY coverage.feed_id ORDER BY coverage.polled_at DESC) = 1
),
shown AS (
    SELECT
        gap.feed_id,
        entry.article_id,
        arg_max(entry.canonical_url, (entry.seen_at, entry.entry_id)) AS canonical_url,
        max(entry.seen_at) AS seen_at,
        min(entry.seen_at) < any_value(gap.until) AS is_known
    FROM gap
    JOIN raw.feed_entries AS entry ON entry.feed_id = gap.feed_id AND entry.seen_at <= gap.until
    JOIN raw.captures AS capture ON capture.capture_id = entry.capture_id
    -- what a further page or a sitemap brought for this very gap was not shown by the poll
    WHERE entry.article_id IS NOT NULL AND (capture.kind = 'feed' OR entry.seen_at < gap.until)
    GROUP BY gap.feed_id, entry.article_id
),
latest AS (
    FROM shown QUALIFY row_number() OVER (PARTITION BY feed_id ORDER BY seen_at DESC, article_id) <= 500
)
SELECT
    gap.*,
    list(latest.article_id ORDER BY latest.article_id) FILTER (latest.is_known) AS known_ids,
    list(latest.article_id ORDER BY latest.article_id) FILTER (NOT latest.is_known) AS shown_ids,
    list(latest.canonical_url ORDER BY latest.seen_at DESC, latest.article_id)[:50] AS known_urls
FROM gap JOIN latest ON latest.feed_id = gap.feed_id
GROUP BY ALL
HAVING bool_or(latest.is_known)
ORDER BY gap.until, gap.feed_id;
