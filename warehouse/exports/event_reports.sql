-- One row per event and article that reports it, with the first quote and the article's address; never the text.
SELECT
    report.report_id,
    report.event_id,
    report.article_id,
    report.outlet_id,
    article.canonical_url,
    article.title,
    article.language,
    report.published_at,
    report.type,
    report.status,
    report.outcome,
    report.confidence,
    evidence.field,
    evidence.quote,
    evidence.start_offset,
    evidence.end_offset,
    report.revision_id,
    report.capture_id
FROM core.event_reports AS report
JOIN core.articles AS article ON article.article_id = report.article_id
LEFT JOIN (
    SELECT *
    FROM core.event_evidence
    QUALIFY row_number() OVER (PARTITION BY report_id ORDER BY field, start_offset, end_offset, evidence_id) = 1
) AS evidence ON evidence.report_id = report.report_id
WHERE report.event_id IS NOT NULL
ORDER BY report.report_id;
