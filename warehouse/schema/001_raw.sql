-- What came from outside, as it came: attempts, answers and the items of feeds.

CREATE SCHEMA IF NOT EXISTS raw;

CREATE TABLE raw.captures (
    capture_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    outlet_id VARCHAR NOT NULL,
    feed_id VARCHAR,
    url VARCHAR NOT NULL,
    final_url VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    status INTEGER NOT NULL,
    media_type VARCHAR,
    payload_bytes BIGINT NOT NULL,
    payload_digest VARCHAR NOT NULL,
    warc_file VARCHAR NOT NULL,
    warc_offset_bytes BIGINT NOT NULL
);
COMMENT ON TABLE raw.captures IS 'One row per answer that a server gave; the bytes lie in the named WARC file.';
COMMENT ON COLUMN raw.captures.capture_id IS 'digest of address, time and payload';
COMMENT ON COLUMN raw.captures.kind IS 'what the address was fetched as: feed, page or robots';
COMMENT ON COLUMN raw.captures.outlet_id IS 'the outlet it was fetched for';
COMMENT ON COLUMN raw.captures.feed_id IS 'the feed it was fetched for; null for pages and robots.txt';
COMMENT ON COLUMN raw.captures.url IS 'the address that was asked';
COMMENT ON COLUMN raw.captures.final_url IS 'the address that answered, after redirects';
COMMENT ON COLUMN raw.captures.fetched_at IS 'when the answer was complete';
COMMENT ON COLUMN raw.captures.status IS 'HTTP status of the answer';
COMMENT ON COLUMN raw.captures.media_type IS 'the Content-Type header as sent; null where there was none';
COMMENT ON COLUMN raw.captures.payload_bytes IS 'size of the answer after content decoding';
COMMENT ON COLUMN raw.captures.payload_digest IS 'digest of the answer''s payload; equal payloads have equal digests';
COMMENT ON COLUMN raw.captures.warc_file IS 'the WARC file that holds the answer, relative to the captures folder';
COMMENT ON COLUMN raw.captures.warc_offset_bytes IS 'where the answer''s record begins in that file';

CREATE TABLE raw.fetches (
    capture_id VARCHAR NOT NULL,
    night DATE NOT NULL,
    kind VARCHAR NOT NULL,
    outlet_id VARCHAR NOT NULL,
    feed_id VARCHAR,
    url VARCHAR NOT NULL,
    attempted_at TIMESTAMPTZ NOT NULL,
    outcome VARCHAR NOT NULL,
    status INTEGER,
    elapsed_seconds DOUBLE NOT NULL,
    payload_bytes BIGINT NOT NULL,
    was_conditional BOOLEAN NOT NULL,
    error VARCHAR
);
COMMENT ON TABLE raw.fetches IS 'One row per attempt at an address, answered or not.';
COMMENT ON COLUMN raw.fetches.capture_id IS 'digest of address, time and payload; the row of raw.captures where there was an answer';
COMMENT ON COLUMN raw.fetches.night IS 'the night whose run made the attempt';
COMMENT ON COLUMN raw.fetches.kind IS 'what the address was fetched as: feed, page or robots';
COMMENT ON COLUMN raw.fetches.outlet_id IS 'the outlet it was fetched for';
COMMENT ON COLUMN raw.fetches.feed_id IS 'the feed it was fetched for; null for pages and robots.txt';
COMMENT ON COLUMN raw.fetches.url IS 'the address that was asked';
COMMENT ON COLUMN raw.fetches.attempted_at IS 'when the attempt ended';
COMMENT ON COLUMN raw.fetches.outcome IS 'how it ended, from the closed list of outcomes, after the answer was read';
COMMENT ON COLUMN raw.fetches.status IS 'HTTP status; null where there was no answer';
COMMENT ON COLUMN raw.fetches.elapsed_seconds IS 'how long the attempt took';
COMMENT ON COLUMN raw.fetches.payload_bytes IS 'size of the answer after content decoding; 0 where there was none';
COMMENT ON COLUMN raw.fetches.was_conditional IS 'whether validators of an earlier answer were sent along';
COMMENT ON COLUMN raw.fetches.error IS 'the words of the failure; null where there was none';

CREATE TABLE raw.feed_entries (
    entry_id VARCHAR NOT NULL,
    feed_id VARCHAR NOT NULL,
    outlet_id VARCHAR NOT NULL,
    capture_id VARCHAR NOT NULL,
    article_id VARCHAR,
    guid VARCHAR,
    url VARCHAR,
    canonical_url VARCHAR,
    title VARCHAR,
    summary VARCHAR,
    author VARCHAR,
    section VARCHAR,
    published_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ,
    seen_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE raw.feed_entries IS 'One row per version of an item of a feed, when that version was first seen.';
COMMENT ON COLUMN raw.feed_entries.entry_id IS 'digest that stands for this version of this item in this feed';
COMMENT ON COLUMN raw.feed_entries.feed_id IS 'the feed that showed it';
COMMENT ON COLUMN raw.feed_entries.outlet_id IS 'the outlet of that feed';
COMMENT ON COLUMN raw.feed_entries.capture_id IS 'the capture in which it was first seen';
COMMENT ON COLUMN raw.feed_entries.article_id IS 'the article it links to; null where it has no usable link';
COMMENT ON COLUMN raw.feed_entries.guid IS 'the feed''s own identifier of the item';
COMMENT ON COLUMN raw.feed_entries.url IS 'the link as the feed gives it, made absolute';
COMMENT ON COLUMN raw.feed_entries.canonical_url IS 'the link in its canonical form';
COMMENT ON COLUMN raw.feed_entries.title IS 'the title in plain text';
COMMENT ON COLUMN raw.feed_entries.summary IS 'the summary in plain text';
COMMENT ON COLUMN raw.feed_entries.author IS 'the author as written';
COMMENT ON COLUMN raw.feed_entries.section IS 'the category or section as written';
COMMENT ON COLUMN raw.feed_entries.published_at IS 'publication time that the feed gives';
COMMENT ON COLUMN raw.feed_entries.updated_at IS 'time of the last change that the feed gives';
COMMENT ON COLUMN raw.feed_entries.seen_at IS 'when this version was first seen';
