-- What articles tell, looked up by their ids and by their aliases.
WITH name AS (
    SELECT article_id AS alias, article_id FROM core.articles WHERE list_contains($ids, article_id)
    UNION ALL
    SELECT article_id, canonical_article_id FROM core.article_aliases WHERE list_contains($ids, article_id)
)
SELECT name.alias, article.article_id, article.outlet_id, article.title, revision.text
FROM name
JOIN core.articles AS article ON article.article_id = name.article_id
JOIN core.article_revisions AS revision ON revision.revision_id = article.revision_id
ORDER BY name.alias;
