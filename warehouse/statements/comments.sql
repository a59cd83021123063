-- The comment of every table (column '') and column of the warehouse.
SELECT schema_name || '.' || table_name AS "table", '' AS "column", coalesce(comment, '') AS comment
FROM duckdb_tables()
WHERE NOT internal AND NOT temporary AND database_name = current_database()
UNION ALL
SELECT schema_name || '.' || table_name, column_name, coalesce(comment, '')
FROM duckdb_columns()
WHERE NOT internal AND database_name = current_database() AND schema_name IN ('raw', 'core', 'mart', 'ops')
ORDER BY ALL;
