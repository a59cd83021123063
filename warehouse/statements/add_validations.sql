-- Adds what one load's judging found to what the night has found so far.
MERGE INTO ops.validations AS held
USING (
    SELECT
        night, table_name, batch, expectation, column_name, severity,
        bool_and(is_success) AS is_success,
        sum(checked_count)::BIGINT AS checked_count,
        sum(unexpected_count)::BIGINT AS unexpected_count,
        max(detail) AS detail
    FROM incoming
    GROUP BY ALL
) AS found
ON held.night = found.night
    AND held.table_name = found.table_name
    AND held.batch = found.batch
    AND held.expectation = found.expectation
    AND held.column_name IS NOT DISTINCT FROM found.column_name
WHEN MATCHED THEN UPDATE SET
    is_success = held.is_success AND found.is_success,
    checked_count = held.checked_count + found.checked_count,
    unexpected_count = held.unexpected_count + found.unexpected_count,
    detail = coalesce(found.detail, held.detail)
WHEN NOT MATCHED THEN INSERT BY NAME;
