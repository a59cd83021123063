-- Every event has a report, and counts its reports rightly.
SELECT event.event_id AS row_id, 'counts ' || event.report_count || ' reports, has ' || count(report.report_id) AS detail
FROM core.events AS event
LEFT JOIN core.event_reports AS report ON report.event_id = event.event_id
GROUP BY event.event_id, event.report_count
HAVING count(report.report_id) = 0 OR count(DISTINCT report.article_id) <> event.report_count
ORDER BY ALL;
