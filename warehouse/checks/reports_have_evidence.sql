-- Every linked report has at least one quote: no evidence, no event.
SELECT report.report_id AS row_id, 'no quote for event ' || report.event_id AS detail
FROM core.event_reports AS report
WHERE report.event_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM core.event_evidence AS evidence WHERE evidence.report_id = report.report_id)
ORDER BY ALL;
