-- The last capture of each of some canonical URLs, and the version read from it.
SELECT url, capture_id, version_id FROM captures
WHERE url IN (SELECT unnest($urls::VARCHAR[]))
QUALIFY row_number() OVER (PARTITION BY url ORDER BY last_seen_at DESC, capture_id) = 1;
