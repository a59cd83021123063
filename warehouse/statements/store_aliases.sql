-- Stores further addresses of articles that are stored; an address that came to tell something of its own is none.
DELETE FROM core.article_aliases WHERE article_id IN (SELECT article_id FROM core.articles);
INSERT INTO core.article_aliases BY NAME
SELECT brought.*
FROM incoming AS brought
WHERE brought.canonical_article_id IN (SELECT article_id FROM core.articles)
  AND brought.article_id NOT IN (SELECT article_id FROM core.articles)
  AND brought.article_id NOT IN (SELECT article_id FROM core.article_aliases);
