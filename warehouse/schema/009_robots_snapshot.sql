-- By which robots.txt an address was asked for, or not.

ALTER TABLE raw.fetches ADD COLUMN robots_capture_id VARCHAR;
COMMENT ON COLUMN raw.fetches.robots_capture_id IS 'the capture of the robots.txt that let it be asked for, or forbade it, at the last host on the way; null where none was asked for';
