-- The last capture of each canonical URL of some sources, with the validators of its newest sighting.
SELECT url AS canonical_url, capture_id, sha256, etag, last_modified
FROM captures
WHERE source_id IN (SELECT unnest($source_ids::VARCHAR[]))
QUALIFY row_number() OVER (PARTITION BY url ORDER BY last_seen_at DESC, capture_id) = 1
ORDER BY url;
