-- Every quote stands, letter for letter, at its offsets in the stored title or text, and is at most 180 characters long.
SELECT
    evidence.evidence_id AS row_id,
    'not at ' || evidence.field || ' ' || evidence.start_offset || '-' || evidence.end_offset
        || ' of revision ' || evidence.revision_id AS detail
FROM core.event_evidence AS evidence
LEFT JOIN core.article_revisions AS revision ON revision.revision_id = evidence.revision_id
WHERE revision.revision_id IS NULL
   OR evidence.end_offset <= evidence.start_offset
   OR evidence.end_offset - evidence.start_offset > 180
   OR substring(
        CASE evidence.field WHEN 'title' THEN revision.title WHEN 'text' THEN revision.text END,
        evidence.start_offset + 1,
        evidence.end_offset - evidence.start_offset
      ) IS DISTINCT FROM evidence.quote
ORDER BY ALL;
