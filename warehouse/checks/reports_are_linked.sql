-- Every report belongs to an event (unless people have rejected it), an article and a revision that are stored.
SELECT report.report_id AS row_id, 'event, article or revision is not stored' AS detail
FROM core.event_reports AS report
LEFT JOIN core.events AS event ON event.event_id = report.event_id
LEFT JOIN core.articles AS article ON article.article_id = report.article_id
LEFT JOIN core.article_revisions AS revision
    ON revision.revision_id = report.revision_id AND revision.article_id = report.article_id
WHERE (event.event_id IS NULL AND report.rejected_event_id IS NULL) OR article.article_id IS NULL OR revision.revision_id IS NULL
ORDER BY ALL;
