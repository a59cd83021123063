-- Tells the articles whose pages were just read as their latest revision tells them; the coder's word stays.
MERGE INTO core.articles AS held
USING (
    WITH revisions AS (
        SELECT
            *,
            min(captured_at) OVER (PARTITION BY article_id) AS first_captured_at,
            count(*) OVER (PARTITION BY article_id) AS revision_count
        FROM core.article_revisions
        WHERE article_id IN (SELECT article_id FROM incoming)
        QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY last_captured_at DESC, ordinal DESC) = 1
    ),
    shown AS (
        SELECT article_id, min(seen_at) AS seen_at
        FROM raw.feed_entries
        WHERE article_id IN (SELECT article_id FROM incoming)
        GROUP BY article_id
    )
    SELECT
        article_id,
        outlet_id,
        canonical_url,
        least(first_captured_at, seen_at) AS first_seen_at,
        title,
        published_at,
        published_basis,
        language,
        section,
        author,
        revision_id,
        revision_count
    FROM revisions LEFT JOIN shown USING (article_id)
) AS brought
ON held.article_id = brought.article_id
WHEN MATCHED AND (held.revision_id, held.revision_count, held.first_seen_at)
    IS DISTINCT FROM (brought.revision_id, brought.revision_count, brought.first_seen_at)
    THEN UPDATE SET
        canonical_url = brought.canonical_url,
        first_seen_at = brought.first_seen_at,
        title = brought.title,
        published_at = brought.published_at,
        published_basis = brought.published_basis,
        language = brought.language,
        section = brought.section,
        author = brought.author,
        revision_id = brought.revision_id,
        revision_count = brought.revision_count
WHEN NOT MATCHED THEN INSERT BY NAME;
