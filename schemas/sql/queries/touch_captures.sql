-- Move the stamps (an archive's old sighting moves none) of captures that a batch saw unchanged; a 304 without validators leaves the old ones.
-- The rows they stand in are bounded, and the times of the batch's requests: what lies outside is not read.
UPDATE captures SET
    last_seen_at = f.seen_at,
    etag = coalesce(f.etag, captures.etag),
    last_modified = coalesce(f.last_modified, captures.last_modified)
FROM (
    SELECT capture_id, max(requested_at) AS seen_at,
        arg_max(etag, requested_at) AS etag, arg_max(last_modified, requested_at) AS last_modified
    FROM fetches
    WHERE run_id = $run_id AND source_id = $source_id AND batch = $batch AND outcome = 'unchanged' AND stage = 'fetch'
        AND requested_at BETWEEN $since AND $until AND found_in <> 'capture'
        AND status IS NOT NULL AND capture_id IS NOT NULL
    GROUP BY capture_id
) f
WHERE captures.rowid BETWEEN $first_row AND $last_row
    AND captures.capture_id = f.capture_id AND f.seen_at > captures.last_seen_at;
