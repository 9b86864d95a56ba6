-- How links of some sources ended, for good, in the runs of one origin and window that were cut off since one was done.
WITH done AS (
    SELECT max(started_at) AS last_at FROM runs
    WHERE origin = $origin AND window_start = $window_start AND window_end = $window_end AND state = 'done')
SELECT f.canonical_url, f.run_id, f.outcome, f.reason, f.detail
FROM fetches f JOIN runs r USING (run_id) CROSS JOIN done d
WHERE r.origin = $origin AND r.window_start = $window_start AND r.window_end = $window_end
    AND r.state = 'abandoned' AND (d.last_at IS NULL OR r.started_at > d.last_at)
    AND f.source_id IN (SELECT unnest($source_ids::VARCHAR[])) AND f.stage <> 'discover'
QUALIFY row_number() OVER (PARTITION BY f.canonical_url ORDER BY r.started_at DESC, f.fetch_id) = 1
ORDER BY f.canonical_url;
