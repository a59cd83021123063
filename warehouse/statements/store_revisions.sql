-- A text that the article has not shown before is a new revision, numbered in the order of capture;
-- a known text was only seen again.
MERGE INTO core.article_revisions AS held
USING (
    WITH seen AS (
        SELECT *, max(captured_at) OVER (PARTITION BY revision_id) AS last_captured_at
        FROM incoming
        QUALIFY row_number() OVER (PARTITION BY revision_id ORDER BY captured_at, capture_id) = 1
    ),
    held_ordinals AS (
        SELECT article_id, max(ordinal) AS ordinal, list(revision_id) AS revision_ids
        FROM core.article_revisions
        WHERE article_id IN (SELECT article_id FROM seen)
        GROUP BY article_id
    )
    SELECT
        seen.*,
        coalesce(held_ordinals.ordinal, 0) + row_number() OVER (
            PARTITION BY seen.article_id, coalesce(list_contains(held_ordinals.revision_ids, seen.revision_id), false)
            ORDER BY seen.captured_at, seen.revision_id
        ) AS ordinal
    FROM seen LEFT JOIN held_ordinals USING (article_id)
) AS brought
ON held.revision_id = brought.revision_id
WHEN MATCHED AND brought.last_captured_at > held.last_captured_at
    THEN UPDATE SET last_captured_at = brought.last_captured_at
WHEN NOT MATCHED THEN INSERT BY NAME;
