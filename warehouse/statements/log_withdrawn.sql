-- Logs the events that vanish although nothing says what they became.
INSERT INTO ops.id_log BY NAME
SELECT event_id AS old_event_id, NULL AS new_event_id, 'withdrawn' AS reason, ?::TIMESTAMPTZ AS logged_at
FROM core.events
WHERE event_id NOT IN (SELECT event_id FROM incoming)
  AND event_id NOT IN (SELECT old_event_id FROM ops.id_log);
