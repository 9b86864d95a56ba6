-- What was loaded from seeds and view files otherwise than in the last snapshot (`before`); empty where nothing was.
SELECT coalesce(n.table_name, b.table_name) AS table_name
FROM reference_files n
FULL JOIN before.reference_files b ON b.table_name = n.table_name
WHERE n.sha256 IS DISTINCT FROM b.sha256
