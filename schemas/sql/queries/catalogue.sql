-- Every column of every table and view, with types and comments.
SELECT
    c.table_name AS relation,
    CASE WHEN v.view_name IS NULL THEN 'table' ELSE 'view' END AS kind,
    coalesce(t.comment, v.comment) AS relation_comment,
    k.key_columns,
    c.column_name,
    c.data_type,
    c.comment
FROM duckdb_columns() c
LEFT JOIN duckdb_tables() t ON t.table_oid = c.table_oid AND NOT t.internal
LEFT JOIN duckdb_views() v ON v.view_oid = c.table_oid AND NOT v.internal
LEFT JOIN table_keys k ON k.table_name = c.table_name
WHERE NOT c.internal AND c.schema_name = 'main' AND c.database_name = current_database()
ORDER BY kind, c.table_name, c.column_index;
