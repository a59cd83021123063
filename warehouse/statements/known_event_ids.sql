-- Every id that an event has or had: those of today, those given up, those that people rejected.
SELECT event_id FROM core.events
UNION SELECT old_event_id FROM ops.id_log
UNION SELECT rejected_event_id FROM core.event_reports WHERE rejected_event_id IS NOT NULL
ORDER BY event_id;
