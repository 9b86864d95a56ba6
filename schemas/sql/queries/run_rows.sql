-- What one run changed, by table.
SELECT table_name, sum(inserted)::INTEGER AS inserted, sum(updated)::INTEGER AS updated,
    sum(unchanged)::INTEGER AS unchanged, sum(deleted)::INTEGER AS deleted
FROM run_changes WHERE run_id = $run_id GROUP BY table_name ORDER BY table_name;
