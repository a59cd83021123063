-- What was seen and what was not.
CREATE OR REPLACE VIEW mart.coverage AS
WITH polls AS (
    SELECT
        feed_id,
        night,
        count(*) AS poll_count,
        count(*) FILTER (outcome IN ('fetched', 'empty', 'silent', 'frozen', 'not_modified', 'unchanged')) AS answered_count,
        arg_max(outcome, (attempted_at, capture_id)) AS last_outcome,
        min(attempted_at) AS first_polled_at,
        max(attempted_at) AS last_polled_at
    FROM raw.fetches
    WHERE kind = 'feed'
    GROUP BY feed_id, night
),
items AS (
    SELECT
        attempt.feed_id,
        attempt.night,
        sum(coverage.entries_new) AS new_item_count,
        count(*) FILTER (NOT coverage.is_overlapping) AS gap_count,
        sum(
            CASE WHEN coverage.is_filled THEN 0 ELSE coverage.entries_lost_estimate - coalesce(entries_filled, 0) END
        ) FILTER (coverage.entries_lost_estimate > coalesce(entries_filled, 0)) AS lost_item_estimate
    FROM ops.coverage AS coverage
    JOIN raw.fetches AS attempt
        ON attempt.kind = 'feed' AND attempt.feed_id = coverage.feed_id AND attempt.attempted_at = coverage.polled_at
    GROUP BY attempt.feed_id, attempt.night
)
SELECT
    polls.night,
    feed.outlet_id,
    polls.feed_id,
    outlet.country,
    feed.language,
    polls.poll_count,
    polls.answered_count,
    polls.last_outcome,
    coalesce(items.new_item_count, 0)::BIGINT AS new_item_count,
    coalesce(items.gap_count, 0) AS gap_count,
    coalesce(items.lost_item_estimate, 0)::BIGINT AS lost_item_estimate,
    polls.last_outcome = 'frozen' AS is_frozen,
    polls.last_outcome = 'silent' AS is_silent,
    polls.first_polled_at,
    polls.last_polled_at
FROM polls
JOIN core.feeds AS feed USING (feed_id)
JOIN core.outlets AS outlet ON outlet.outlet_id = feed.outlet_id
LEFT JOIN items ON items.feed_id = polls.feed_id AND items.night = polls.night;
COMMENT ON VIEW mart.coverage IS
    'One row per feed and night: how often it was polled and answered, its new items, how many polls met nothing known, and how many items were probably missed.';
COMMENT ON COLUMN mart.coverage.country IS 'where the outlet is published, ISO 3166-1 alpha-2';
COMMENT ON COLUMN mart.coverage.poll_count IS 'attempts to poll the feed in that night';
COMMENT ON COLUMN mart.coverage.answered_count IS 'polls among them after which the items were known';
COMMENT ON COLUMN mart.coverage.last_outcome IS 'how the last poll of the night ended';
COMMENT ON COLUMN mart.coverage.new_item_count IS 'items that were not known before';
COMMENT ON COLUMN mart.coverage.gap_count IS 'polls that met nothing known: items were probably missed before them';
COMMENT ON COLUMN mart.coverage.lost_item_estimate IS
    'items that came and went unseen before those polls and were not found elsewhere, as an estimate from the feed''s pace: see ops.coverage';
COMMENT ON COLUMN mart.coverage.is_frozen IS 'whether the feed answers but its newest item is old';
COMMENT ON COLUMN mart.coverage.is_silent IS 'whether the feed answers but has shown no items twice or more';
COMMENT ON COLUMN mart.coverage.first_polled_at IS 'the first poll of the night';
COMMENT ON COLUMN mart.coverage.last_polled_at IS 'the last poll of the night';
