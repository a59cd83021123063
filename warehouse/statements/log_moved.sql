-- Logs what became of ids that the events have held; an id that no event ever had needs no trail.
INSERT INTO ops.id_log BY NAME
SELECT moved.*
FROM incoming AS moved
WHERE moved.old_event_id IN (SELECT event_id FROM core.events)
  AND NOT EXISTS (
      FROM ops.id_log AS held
      WHERE held.old_event_id = moved.old_event_id AND held.new_event_id IS NOT DISTINCT FROM moved.new_event_id
  );
