-- What filled a feed's gaps; what must be remembered of a page to look at it again; addresses of one article.

ALTER TABLE ops.coverage ADD COLUMN filled_by VARCHAR;
ALTER TABLE ops.coverage ADD COLUMN entries_filled INTEGER;
ALTER TABLE ops.coverage ADD COLUMN is_filled BOOLEAN;
COMMENT ON COLUMN ops.coverage.filled_by IS 'what brought missed items: feed_page, sitemap, or both separated by a space; null where nothing did';
COMMENT ON COLUMN ops.coverage.entries_filled IS 'items that were missed by the polls and found elsewhere; null where none were looked for';
COMMENT ON COLUMN ops.coverage.is_filled IS 'whether the further pages led back to what was known, so that nothing is missing; null where none were looked for';

ALTER TABLE ops.page_state ADD COLUMN etag VARCHAR;
ALTER TABLE ops.page_state ADD COLUMN last_modified VARCHAR;
ALTER TABLE ops.page_state ADD COLUMN payload_digest VARCHAR;
ALTER TABLE ops.page_state ADD COLUMN first_read_at TIMESTAMPTZ;
COMMENT ON COLUMN ops.page_state.etag IS 'the ETag of the last answer that was read as an article';
COMMENT ON COLUMN ops.page_state.last_modified IS 'the Last-Modified header of that answer';
COMMENT ON COLUMN ops.page_state.payload_digest IS 'digest of that answer''s payload';
COMMENT ON COLUMN ops.page_state.first_read_at IS 'when the page was first read as an article; later looks for corrections count from it';

CREATE TABLE core.article_aliases (
    article_id VARCHAR NOT NULL,
    canonical_article_id VARCHAR NOT NULL,
    capture_id VARCHAR NOT NULL
);
COMMENT ON TABLE core.article_aliases IS 'One row per further address of a stored article: short links, AMP pages, addresses that the page calls canonical.';
COMMENT ON COLUMN core.article_aliases.article_id IS 'digest of that address, as raw.feed_entries names it; no article is stored under it';
COMMENT ON COLUMN core.article_aliases.canonical_article_id IS 'the article';
COMMENT ON COLUMN core.article_aliases.capture_id IS 'the capture of the page that said so';

COMMENT ON COLUMN raw.captures.kind IS 'what the address was fetched as: feed, feed_page, sitemap, page or robots';
COMMENT ON COLUMN raw.captures.feed_id IS 'the feed it was fetched for; null for pages, sitemaps and robots.txt';
COMMENT ON COLUMN raw.fetches.kind IS 'what the address was fetched as: feed, feed_page, sitemap, page or robots';
COMMENT ON COLUMN raw.fetches.feed_id IS 'the feed it was fetched for; null for pages, sitemaps and robots.txt';
