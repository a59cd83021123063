-- Feeds whose last answers all came, as feeds, from one other address to which permanent redirects alone had led.
WITH answers AS (
    SELECT
        attempt.feed_id,
        attempt.url,
        attempt.outcome,
        attempt.attempted_at,
        capture.moved_to,
        row_number() OVER (PARTITION BY attempt.feed_id ORDER BY attempt.attempted_at DESC, attempt.capture_id) AS nth
    FROM raw.fetches AS attempt
    INNER JOIN raw.captures AS capture ON capture.capture_id = attempt.capture_id
    INNER JOIN core.feeds AS feed ON feed.feed_id = attempt.feed_id AND feed.url = attempt.url
    WHERE attempt.kind = 'feed'
)
SELECT feed_id, any_value(url) AS url, any_value(moved_to) AS moved_to, min(attempted_at) AS since
FROM answers
WHERE nth <= $polls
GROUP BY feed_id
HAVING
    count(*) = $polls
    AND count(moved_to) = $polls
    AND count(DISTINCT moved_to) = 1
    AND bool_and(outcome IN ('fetched', 'not_modified', 'unchanged', 'empty', 'frozen'))
ORDER BY feed_id;
