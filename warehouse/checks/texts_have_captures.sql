-- Every revision and every feed entry was read from a capture whose bytes are kept.
SELECT revision.revision_id AS row_id, 'no capture ' || revision.capture_id AS detail
FROM core.article_revisions AS revision
ANTI JOIN raw.captures AS capture ON capture.capture_id = revision.capture_id
UNION ALL
SELECT entry.entry_id, 'no capture ' || entry.capture_id
FROM raw.feed_entries AS entry
ANTI JOIN raw.captures AS capture ON capture.capture_id = entry.capture_id
ORDER BY ALL;
