-- Forgets the reports that a coded article no longer makes.
DELETE FROM core.event_reports
WHERE list_contains($articles, article_id) AND NOT list_contains($kept, report_id);
