-- The last good answer of each address of some sources, of finished runs only: what an unfinished one read is not kept.
SELECT a.source_id, a.url, a.etag, a.last_modified, a.reader, a.read_run_id, a.read_at, a.window_start, a.answered_at
FROM addresses a
JOIN runs r ON r.run_id = a.run_id AND r.state = 'done'
WHERE a.source_id IN (SELECT unnest($source_ids::VARCHAR[]))
QUALIFY row_number() OVER (PARTITION BY a.source_id, a.url ORDER BY a.answered_at DESC, a.run_id) = 1
ORDER BY a.source_id, a.url;
