-- Move the stamps (an archive's old sighting moves none) of articles whose page a batch saw unchanged.
-- The rows they stand in are bounded, and the times of the batch's requests: what lies outside is not read.
UPDATE articles SET last_seen_at = f.seen_at
FROM (
    SELECT version_id, max(requested_at) AS seen_at
    FROM fetches
    WHERE run_id = $run_id AND source_id = $source_id AND batch = $batch AND outcome = 'unchanged' AND stage = 'fetch'
        AND requested_at BETWEEN $since AND $until AND found_in <> 'capture'
        AND status IS NOT NULL AND version_id IS NOT NULL
    GROUP BY version_id
) f
WHERE articles.rowid BETWEEN $first_row AND $last_row
    AND articles.current_version_id = f.version_id AND f.seen_at > articles.last_seen_at;
