-- The run the warehouse stands as of: the last one that was closed.
SELECT run_id, origin, window_start, window_end, started_at, finished_at, code_version, events
FROM runs
WHERE state = 'done'
ORDER BY finished_at DESC, run_id
LIMIT 1;
