-- The latest texts of the articles told in some days, with whether they are those whose comparison is wanted.
SELECT
    article.article_id,
    article.outlet_id,
    outlet.owner,
    article.revision_id,
    article.language,
    revision.title,
    revision.text,
    revision.author,
    coalesce(article.published_at, article.first_seen_at) AS told_at,
    coalesce(article.published_at, article.first_seen_at) >= $since AS is_target
FROM core.articles AS article
JOIN core.article_revisions AS revision ON revision.revision_id = article.revision_id
LEFT JOIN core.outlets AS outlet ON outlet.outlet_id = article.outlet_id
WHERE coalesce(article.published_at, article.first_seen_at) >= $reach
  AND coalesce(article.published_at, article.first_seen_at) < $until
ORDER BY told_at, article.article_id;
