-- What a row refers to is stored: the rows of an event its event, articles their outlet and latest revision, reprints
-- their articles, old ids an event.
SELECT event_id AS row_id, 'event_parties: no such event' AS detail
FROM core.event_parties ANTI JOIN core.events USING (event_id)
UNION ALL
SELECT event_id, 'event_people: no such event' FROM core.event_people ANTI JOIN core.events USING (event_id)
UNION ALL
SELECT event_id, 'event_provisions: no such event' FROM core.event_provisions ANTI JOIN core.events USING (event_id)
UNION ALL
SELECT event_id, 'event_history: no such event' FROM core.event_history ANTI JOIN core.events USING (event_id)
UNION ALL
SELECT evidence_id, 'event_evidence: no such event' FROM core.event_evidence ANTI JOIN core.events USING (event_id)
UNION ALL
SELECT evidence_id, 'event_evidence: no such report' FROM core.event_evidence ANTI JOIN core.event_reports USING (report_id)
UNION ALL
SELECT organisation_id, 'event_parties: not in the gazetteer'
FROM core.event_parties ANTI JOIN core.organisations USING (organisation_id)
WHERE organisation_id IS NOT NULL
UNION ALL
SELECT article_id, 'articles: no such outlet' FROM core.articles ANTI JOIN core.outlets USING (outlet_id)
UNION ALL
SELECT article_id, 'articles: no such revision' FROM core.articles ANTI JOIN core.article_revisions USING (revision_id)
UNION ALL
SELECT article_id, 'article_revisions: no such article' FROM core.article_revisions ANTI JOIN core.articles USING (article_id)
UNION ALL
SELECT feed_id, 'feeds: no such outlet' FROM core.feeds ANTI JOIN core.outlets USING (outlet_id)
UNION ALL
SELECT reprint.article_id, 'reprints: no such original'
FROM core.reprints AS reprint ANTI JOIN core.articles AS article ON article.article_id = reprint.original_article_id
WHERE reprint.original_article_id IS NOT NULL
UNION ALL
SELECT alias.article_id, 'article_aliases: no such article'
FROM core.article_aliases AS alias ANTI JOIN core.articles AS article ON article.article_id = alias.canonical_article_id
UNION ALL
SELECT article_id, 'article_aliases: also an article' FROM core.article_aliases SEMI JOIN core.articles USING (article_id)
UNION ALL
SELECT article_id, 'reprints: no such article' FROM core.reprints ANTI JOIN core.articles USING (article_id)
UNION ALL
SELECT article_id, 'stories: no such article' FROM core.stories ANTI JOIN core.articles USING (article_id)
UNION ALL
SELECT story.article_id, 'stories: no such beginning'
FROM core.stories AS story ANTI JOIN core.stories AS beginning ON beginning.article_id = story.story_id
UNION ALL
SELECT old_event_id, 'id_log: leads to ' || new_event_id || ', which is nowhere'
FROM ops.id_log
WHERE new_event_id IS NOT NULL
  AND new_event_id NOT IN (SELECT event_id FROM core.events)
  AND new_event_id NOT IN (SELECT old_event_id FROM ops.id_log)
ORDER BY ALL;
