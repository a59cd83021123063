-- What is known of each article that reports an event; never its text.
SELECT article.*
FROM core.articles AS article
WHERE article.article_id IN (SELECT article_id FROM core.event_reports WHERE event_id IS NOT NULL)
ORDER BY article.article_id;
