-- The last capture of each canonical URL of some sources, with the validators of its newest sighting, and the status
-- that says it is gone, where one stands; only those seen since an instant, where one is given.
SELECT c.url AS canonical_url, c.capture_id, c.sha256, c.etag, c.last_modified, t.status AS tombstone
FROM captures c LEFT JOIN tombstones t ON t.canonical_url = c.url AND t.standing
WHERE ($since::TIMESTAMPTZ IS NULL OR c.last_seen_at >= $since) AND c.source_id IN (SELECT unnest($source_ids::VARCHAR[]))
QUALIFY row_number() OVER (PARTITION BY c.url ORDER BY c.last_seen_at DESC, c.capture_id) = 1
ORDER BY c.url;
