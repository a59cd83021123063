-- Every coded report with what linking must know of its article. An outlet's owner may itself have one, and so may an
-- outlet that the gazetteer knows as an organisation; one without an owner is its own.
SELECT
    report.report_id,
    report.article_id,
    report.revision_id,
    report.capture_id,
    report.outlet_id,
    coalesce(house.owner, outlet.owner, report.outlet_id) AS owner,
    revision.canonical_url,
    report.published_at,
    coalesce(outlet.time_zone, 'UTC') AS time_zone,
    report.ordinal,
    revision.text_digest,
    report.event_json
FROM core.event_reports AS report
JOIN core.article_revisions AS revision ON revision.revision_id = report.revision_id
LEFT JOIN core.outlets AS outlet ON outlet.outlet_id = report.outlet_id
LEFT JOIN core.organisations AS house ON house.organisation_id = coalesce(outlet.owner, report.outlet_id)
ORDER BY report.report_id;
