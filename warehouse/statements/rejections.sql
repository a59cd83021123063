SELECT
    table_name AS "table",
    row_id,
    outlet_id,
    capture_id,
    expectation,
    column_name AS "column",
    raw_value,
    row_json
FROM ops.quarantine
WHERE night = $night
ORDER BY ALL;
