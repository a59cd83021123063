SELECT
    revision.* EXCLUDE (ordinal, last_captured_at),
    article.first_seen_at,
    outlet.country AS outlet_country,
    coalesce(house.owner, outlet.owner, revision.outlet_id) AS owner,
    coalesce(outlet.time_zone, 'UTC') AS time_zone
FROM core.articles AS article
JOIN core.article_revisions AS revision ON revision.revision_id = article.revision_id
LEFT JOIN core.outlets AS outlet ON outlet.outlet_id = article.outlet_id
LEFT JOIN core.organisations AS house ON house.organisation_id = coalesce(outlet.owner, revision.outlet_id)
WHERE $since IS NULL OR article.first_seen_at >= $since
ORDER BY article.article_id;
