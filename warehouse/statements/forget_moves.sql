-- Forgets moves to an id that was given up before anybody saw it.
DELETE FROM ops.id_log
WHERE new_event_id IS NOT NULL
  AND new_event_id NOT IN (SELECT event_id FROM core.events)
  AND new_event_id NOT IN (SELECT old_event_id FROM ops.id_log);
