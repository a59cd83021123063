-- Where the newest answer for each robots.txt since a moment lies, oldest first.
SELECT warc_file, warc_offset_bytes
FROM raw.captures
WHERE kind = 'robots' AND fetched_at >= $since
QUALIFY row_number() OVER (PARTITION BY url ORDER BY fetched_at DESC, capture_id) = 1
ORDER BY fetched_at, capture_id;
