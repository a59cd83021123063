-- Which of some ids neither name an event nor are told of in the log.
SELECT id FROM (SELECT unnest($ids) AS id)
WHERE id NOT IN (SELECT event_id FROM core.events) AND id NOT IN (SELECT old_event_id FROM ops.id_log)
ORDER BY id;
