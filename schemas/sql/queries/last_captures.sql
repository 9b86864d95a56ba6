-- The last capture of each of some canonical URLs, and the version read from it; only captures seen since an instant.
SELECT url, capture_id, version_id, rowid AS stored_row FROM captures
WHERE last_seen_at >= $since AND url IN (SELECT unnest($urls::VARCHAR[]))
QUALIFY row_number() OVER (PARTITION BY url ORDER BY last_seen_at DESC, capture_id) = 1;
