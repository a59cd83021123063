-- Where an address has moved for good, so that the catalogue can follow.

ALTER TABLE raw.captures ADD COLUMN moved_to VARCHAR;
COMMENT ON COLUMN raw.captures.moved_to IS 'the address to which permanent redirects (301, 308) alone led; null where there were none';
