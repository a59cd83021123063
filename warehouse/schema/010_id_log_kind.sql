-- What became of an id is one thing, why another.
ALTER TABLE ops.id_log ADD COLUMN kind VARCHAR;
UPDATE ops.id_log SET kind = CASE reason WHEN 'merged' THEN 'merge' ELSE reason END;
COMMENT ON TABLE ops.id_log IS 'One row per published event id and what became of it.';
COMMENT ON COLUMN ops.id_log.old_event_id IS 'the id as it was published';
COMMENT ON COLUMN ops.id_log.new_event_id IS 'the id that it resolves to for ever, or that has taken some of its reports; null where the event was withdrawn';
COMMENT ON COLUMN ops.id_log.kind IS 'merge, split (the old id may still stand for the rest), or withdrawn';
COMMENT ON COLUMN ops.id_log.reason IS 'why, in words, with the recoding that led to it where one did';
