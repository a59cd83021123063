-- Every name in an event that the gazetteer does not know, with how often it stands and an event that shows it.
SELECT
    party.name,
    count(DISTINCT party.event_id) AS event_count,
    list_slice(list(DISTINCT event.label ORDER BY event.label), 1, 3) AS labels,
    list_sort(list(DISTINCT party.country) FILTER (party.country IS NOT NULL)) AS countries,
    arg_min(evidence.quote, (event.first_reported_at, evidence.evidence_id)) AS quote,
    arg_min(article.title, (event.first_reported_at, evidence.evidence_id)) AS title,
    arg_min(article.canonical_url, (event.first_reported_at, evidence.evidence_id)) AS url,
    arg_min(article.language, (event.first_reported_at, evidence.evidence_id)) AS language
FROM core.event_parties AS party
JOIN core.events AS event ON event.event_id = party.event_id
LEFT JOIN core.event_evidence AS evidence ON evidence.event_id = party.event_id
LEFT JOIN core.articles AS article ON article.article_id = evidence.article_id
WHERE party.organisation_id IS NULL
GROUP BY party.name
ORDER BY event_count DESC, party.name;
