-- Forgets reprints of the articles just compared (the table incoming) that are none any more.
DELETE FROM core.reprints
WHERE article_id IN (SELECT article_id FROM incoming) AND NOT list_contains($kept, article_id);
