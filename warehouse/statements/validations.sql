SELECT
    table_name AS "table",
    batch,
    expectation,
    column_name AS "column",
    severity,
    is_success,
    checked_count,
    unexpected_count,
    detail
FROM ops.validations
WHERE night = $night
ORDER BY ALL;
