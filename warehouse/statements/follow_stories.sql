-- Stores what articles follow; the story of a new one is its own until stories are told on.
MERGE INTO core.stories AS held
USING incoming AS brought
ON held.article_id = brought.article_id
WHEN MATCHED AND (held.revision_id, held.language, held.told_at, held.follows_article_id, held.likeness)
    IS DISTINCT FROM (brought.revision_id, brought.language, brought.told_at, brought.follows_article_id, brought.likeness)
    THEN UPDATE SET
        revision_id = brought.revision_id,
        language = brought.language,
        told_at = brought.told_at,
        follows_article_id = brought.follows_article_id,
        likeness = brought.likeness
WHEN NOT MATCHED THEN INSERT (article_id, story_id, revision_id, language, told_at, follows_article_id, likeness)
    VALUES (
        brought.article_id,
        brought.article_id,
        brought.revision_id,
        brought.language,
        brought.told_at,
        brought.follows_article_id,
        brought.likeness
    );
