-- How each source fared in its last thirty runs, the latest first.
SELECT s.source_id, r.run_id, r.origin, r.started_at, r.window_start, r.window_end, s.reached, s.paused, s.discovered,
    s.new, s.detail
FROM run_sources s
JOIN runs r ON r.run_id = s.run_id
QUALIFY row_number() OVER (PARTITION BY s.source_id ORDER BY r.started_at DESC, r.run_id) <= 30
ORDER BY s.source_id, r.started_at DESC, r.run_id;
