-- Every event in doubt with what a person asks for to decide: its parties, and one quote with the article it stands in.
SELECT
    event.event_id,
    event.label,
    event.type,
    event.status,
    (SELECT list(party.name || ' (' || party.role || ')' ORDER BY party.ordinal)
     FROM core.event_parties AS party WHERE party.event_id = event.event_id) AS parties,
    event.countries,
    event.date_start,
    event.date_end,
    event.first_reported_at,
    event.report_count,
    event.confidence,
    evidence.quote,
    article.title,
    article.canonical_url AS url,
    article.language
FROM core.events AS event
LEFT JOIN (
    SELECT quote.*
    FROM core.event_evidence AS quote
    JOIN core.event_reports AS report ON report.report_id = quote.report_id
    QUALIFY row_number() OVER (
        PARTITION BY quote.event_id ORDER BY report.confidence DESC, quote.report_id, quote.field DESC, quote.start_offset, quote.evidence_id
    ) = 1
) AS evidence ON evidence.event_id = event.event_id
LEFT JOIN core.articles AS article ON article.article_id = evidence.article_id
WHERE event.outcome = 'review'
ORDER BY event.first_reported_at DESC, event.event_id;
