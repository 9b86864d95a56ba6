-- The windows that runs of one origin finished, for each of some sources that they reached, and the day the run began.
SELECT s.source_id, r.window_start, r.window_end, max(r.started_at)::DATE AS begun
FROM runs r JOIN run_sources s ON s.run_id = r.run_id
WHERE r.origin = $origin AND r.state = 'done' AND s.reached
    AND s.source_id IN (SELECT unnest($source_ids::VARCHAR[]))
GROUP BY ALL ORDER BY ALL;
