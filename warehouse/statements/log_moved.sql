-- Logs what became of published ids, each once.
INSERT INTO ops.id_log BY NAME
SELECT moved.*
FROM incoming AS moved
WHERE NOT EXISTS (
    FROM ops.id_log AS held
    WHERE held.old_event_id = moved.old_event_id
      AND held.new_event_id IS NOT DISTINCT FROM moved.new_event_id
      AND held.kind = moved.kind
);
