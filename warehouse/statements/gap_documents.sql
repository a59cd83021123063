-- What was asked for to fill one gap, and the poll that found it; `warc_file` is null where nothing was answered.
SELECT attempt.kind, attempt.url, capture.warc_file, capture.warc_offset_bytes
FROM raw.fetches AS attempt
LEFT JOIN raw.captures AS capture ON capture.capture_id = attempt.capture_id
WHERE (attempt.kind = 'feed' AND attempt.feed_id = $feed_id AND attempt.attempted_at = $until)
   OR (attempt.kind = 'feed_page' AND attempt.feed_id = $feed_id AND attempt.attempted_at >= $until)
   OR (attempt.kind = 'sitemap' AND attempt.outlet_id = $outlet_id AND attempt.attempted_at >= $until)
ORDER BY attempt.attempted_at, attempt.kind, attempt.url;
