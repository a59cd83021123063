-- Says of each gap what was found for it; `incoming` names the gaps that were looked after, and whether they are closed.
UPDATE ops.coverage AS held
SET
    filled_by = found.filled_by,
    entries_filled = coalesce(found.entries_filled, 0),
    is_filled = coalesce(held.is_filled, false) OR brought.is_filled
FROM incoming AS brought
LEFT JOIN (
    SELECT
        gap.feed_id,
        gap.polled_at,
        string_agg(DISTINCT capture.kind, ' ' ORDER BY capture.kind) AS filled_by,
        count(DISTINCT entry.article_id) AS entries_filled
    FROM incoming AS gap
    JOIN raw.feed_entries AS entry ON entry.feed_id = gap.feed_id AND entry.seen_at >= gap.polled_at
    JOIN raw.captures AS capture ON capture.capture_id = entry.capture_id AND capture.kind IN ('feed_page', 'sitemap')
    GROUP BY gap.feed_id, gap.polled_at
) AS found ON found.feed_id = brought.feed_id AND found.polled_at = brought.polled_at
WHERE held.feed_id = brought.feed_id AND held.polled_at = brought.polled_at;
