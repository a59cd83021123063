-- Forgets what was compared of articles that are gone.
DELETE FROM core.stories WHERE article_id NOT IN (SELECT article_id FROM core.articles);
DELETE FROM core.reprints WHERE article_id NOT IN (SELECT article_id FROM core.articles);
