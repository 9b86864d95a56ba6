-- What the site stands as of: the last run that was closed, and the last day any closed run asked for.
SELECT run_id, origin, window_start, window_end, started_at, finished_at, code_version, discovered, articles, mentions,
    events, max(window_end) OVER () AS last_day
FROM runs
WHERE state = 'done'
ORDER BY finished_at DESC, run_id
LIMIT 1;
