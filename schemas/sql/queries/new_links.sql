-- Links of the window that no finished run before this one had offered, by source; sources without any have no row.
SELECT f.source_id, count(DISTINCT f.link_id)::INTEGER AS new
FROM fetches f
WHERE f.run_id = $run_id AND coalesce(f.reason NOT IN ('url', 'offsite', 'out_of_window'), true)
    AND NOT EXISTS (
        SELECT 1 FROM fetches b JOIN runs r ON r.run_id = b.run_id
        WHERE b.link_id = f.link_id AND b.run_id <> f.run_id AND r.state = 'done'
            AND b.reason IS DISTINCT FROM 'out_of_window')
GROUP BY f.source_id ORDER BY f.source_id;
