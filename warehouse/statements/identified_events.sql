-- Every event with what identifies it: its reports, earliest first, and its parties.
WITH reports AS (
    SELECT
        report.event_id,
        list(
            {'report_id': report.report_id, 'address': revision.canonical_url, 'published_at': report.published_at, 'ordinal': report.ordinal, 'type': report.type}
            ORDER BY report.published_at, revision.canonical_url, report.ordinal
        ) AS reports
    FROM core.event_reports AS report
    JOIN core.article_revisions AS revision ON revision.revision_id = report.revision_id
    GROUP BY report.event_id
),
parties AS (
    SELECT event_id, list({'id': organisation_id, 'name': name} ORDER BY ordinal) AS parties
    FROM core.event_parties
    GROUP BY event_id
)
SELECT event.event_id, reports.reports, coalesce(parties.parties, []) AS parties
FROM core.events AS event
JOIN reports ON reports.event_id = event.event_id
LEFT JOIN parties ON parties.event_id = event.event_id
ORDER BY event.first_reported_at, event.event_id;
