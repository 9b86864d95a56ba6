-- What one step of a run changed, by table.
SELECT table_name, inserted, updated, unchanged, deleted FROM run_changes
WHERE run_id = $run_id AND step = $step ORDER BY table_name;
