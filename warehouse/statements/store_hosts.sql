-- Remembers how each host behaved last; an older attempt never overrules a newer one. Of attempts at one moment (as in
-- a recording) the last in the alphabet of outcomes counts, so that it does not matter which were loaded together.
MERGE INTO ops.host_state AS held
USING (
    SELECT
        regexp_extract(url, '^[a-z]+://([^/:?#]+)', 1) AS host,
        max(attempted_at) AS last_attempt_at,
        arg_max(outcome, (attempted_at, outcome)) AS last_outcome,
        max(attempted_at) FILTER (status IS NOT NULL) AS last_answer_at
    FROM incoming
    GROUP BY host
) AS brought
ON held.host = brought.host
WHEN MATCHED AND brought.last_attempt_at >= held.last_attempt_at THEN UPDATE SET
    last_attempt_at = brought.last_attempt_at,
    last_outcome = CASE
        WHEN brought.last_attempt_at > held.last_attempt_at THEN brought.last_outcome
        ELSE greatest(held.last_outcome, brought.last_outcome)
    END,
    last_answer_at = greatest(held.last_answer_at, brought.last_answer_at)
WHEN NOT MATCHED THEN INSERT BY NAME;
