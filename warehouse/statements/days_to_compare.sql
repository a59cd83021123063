-- The days, in UTC, of articles that are new, changed or gone since their texts were last compared; with $anew, of all.
WITH told AS (
    SELECT article_id, revision_id, language, coalesce(published_at, first_seen_at) AS told_at FROM core.articles
),
news AS (
    SELECT told.told_at
    FROM told
    LEFT JOIN core.stories AS held ON held.article_id = told.article_id
    WHERE $anew
       OR (held.revision_id, held.language, held.told_at) IS DISTINCT FROM (told.revision_id, told.language, told.told_at)
    UNION ALL
    SELECT held.told_at
    FROM core.stories AS held
    LEFT JOIN told ON told.article_id = held.article_id
    WHERE told.article_id IS NULL OR (held.language, held.told_at) IS DISTINCT FROM (told.language, told.told_at)
)
SELECT DISTINCT told_at::DATE AS day FROM news ORDER BY day;
