-- What politeness and completeness ask to be remembered of a feed: whose validators to believe, its pace, what was lost.

ALTER TABLE ops.feed_state ADD COLUMN validators_url VARCHAR;
ALTER TABLE ops.feed_state ADD COLUMN are_validators_trusted BOOLEAN DEFAULT true;
ALTER TABLE ops.feed_state ADD COLUMN probed_at TIMESTAMPTZ;
ALTER TABLE ops.feed_state ADD COLUMN not_modified_at TIMESTAMPTZ;
ALTER TABLE ops.feed_state ADD COLUMN items_digest VARCHAR;
ALTER TABLE ops.feed_state ADD COLUMN items_per_hour DOUBLE;
ALTER TABLE ops.feed_state ADD COLUMN poll_interval_seconds DOUBLE;
ALTER TABLE ops.feed_state ADD COLUMN asked_pause_seconds DOUBLE;
COMMENT ON COLUMN ops.feed_state.validators_url IS 'the address that gave ETag and Last-Modified; they are sent to no other';
COMMENT ON COLUMN ops.feed_state.are_validators_trusted IS
    'false once the server gave other content under the same validators, or said "not modified" of a changed feed: it is asked whole since';
COMMENT ON COLUMN ops.feed_state.probed_at IS 'the last answer to a request without validators; such a request is made every week';
COMMENT ON COLUMN ops.feed_state.not_modified_at IS 'the last answer "not modified"';
COMMENT ON COLUMN ops.feed_state.items_digest IS 'digest that stands for the items last shown, in any order';
COMMENT ON COLUMN ops.feed_state.items_per_hour IS 'pace of publishing by the dates of the items last shown; null where they have none';
COMMENT ON COLUMN ops.feed_state.poll_interval_seconds IS
    'pause at which two polls overlap even at the feed''s busiest, between an hour and 20 hours; null until items were read';
COMMENT ON COLUMN ops.feed_state.asked_pause_seconds IS
    'pause that the feed asks for by ttl or sy:updatePeriod, obeyed up to a day; null where it asks for none';

ALTER TABLE ops.coverage ADD COLUMN entries_lost_estimate INTEGER;
COMMENT ON COLUMN ops.coverage.entries_lost_estimate IS
    'items that came and went unseen since the poll before, as an estimate: items per hour times hours between the polls, less the items seen, between 0 and 5,000; 0 where the polls overlap, null where nothing is known of the pace';
