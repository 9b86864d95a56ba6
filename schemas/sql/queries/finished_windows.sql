-- The windows that a backfill finished for all of some sources, each of which was reached.
SELECT DISTINCT r.window_start, r.window_end
FROM runs r
WHERE r.origin = 'backfill' AND r.state = 'done' AND NOT EXISTS (
    SELECT 1 FROM (SELECT unnest($source_ids::VARCHAR[]) AS source_id) asked
    WHERE NOT EXISTS (
        SELECT 1 FROM run_sources s WHERE s.run_id = r.run_id AND s.source_id = asked.source_id AND s.reached))
ORDER BY ALL;
