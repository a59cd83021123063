-- Every column of every table and view; a view's column without a comment of its own has that of its namesake in core.
WITH relations AS (
    SELECT schema_name, table_name, comment, false AS is_view FROM duckdb_tables() WHERE NOT internal
    UNION ALL
    SELECT schema_name, view_name, comment, true FROM duckdb_views() WHERE NOT internal
),
namesakes AS (
    SELECT column_name, min_by(comment, (schema_name <> 'core', table_name)) AS comment
    FROM duckdb_columns()
    WHERE NOT internal AND schema_name IN ('core', 'raw', 'ops') AND comment IS NOT NULL
    GROUP BY column_name
)
SELECT
    relation.schema_name,
    relation.table_name,
    relation.comment AS grain,
    col.column_name,
    replace(col.data_type, 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ') AS data_type,
    coalesce(col.comment, CASE WHEN relation.is_view THEN namesake.comment END, '') AS comment
FROM relations AS relation
JOIN duckdb_columns() AS col ON col.schema_name = relation.schema_name AND col.table_name = relation.table_name
LEFT JOIN namesakes AS namesake ON namesake.column_name = col.column_name
WHERE relation.schema_name IN ('raw', 'core', 'mart', 'ops')
ORDER BY relation.schema_name, relation.is_view, relation.table_name, col.column_index;
