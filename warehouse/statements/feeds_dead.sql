-- Feeds at whose address nothing, or something else, has been found ever since a moment, and still is.
WITH attempts AS (
    SELECT
        attempt.feed_id,
        attempt.url,
        attempt.outcome,
        attempt.attempted_at,
        max(attempt.attempted_at) FILTER (
            attempt.outcome IN ('fetched', 'not_modified', 'unchanged', 'empty', 'frozen')
        ) OVER (PARTITION BY attempt.feed_id) AS last_well_at
    FROM raw.fetches AS attempt
    INNER JOIN core.feeds AS feed ON feed.feed_id = attempt.feed_id AND feed.url = attempt.url
    WHERE attempt.kind = 'feed'
)
SELECT
    feed_id,
    any_value(url) AS url,
    arg_max(outcome, attempted_at) AS outcome,
    min(attempted_at) AS since
FROM attempts
WHERE (last_well_at IS NULL OR attempted_at > last_well_at) AND outcome IN ('missing', 'not_a_feed')
GROUP BY feed_id
HAVING min(attempted_at) <= $before AND count(*) > 1
ORDER BY feed_id;
