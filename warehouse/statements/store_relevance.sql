-- Puts the coder's word on the articles that are held.
UPDATE core.articles AS held
SET relevance = incoming.relevance, relevance_confidence = incoming.relevance_confidence
FROM incoming
WHERE incoming.article_id = held.article_id
  AND (held.relevance IS DISTINCT FROM incoming.relevance
       OR held.relevance_confidence IS DISTINCT FROM incoming.relevance_confidence);
