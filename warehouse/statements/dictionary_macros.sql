SELECT function_name AS name, parameters, coalesce(comment, '') AS comment
FROM duckdb_functions()
WHERE NOT internal AND schema_name = 'mart'
ORDER BY name;
