-- The newest capture of each link of a source among those made on some days (UTC), with the fetch that first brought it.
SELECT c.url AS capture_url, c.sha256, c.byte_length, c.content_type AS capture_content_type, c.captured_at,
    c.run_id AS capture_run_id, c.warc_file, c.warc_offset, c.warc_length, c.archive, c.archive_record, c.archived_at, f.*
FROM captures c JOIN fetches f ON f.capture_id = c.capture_id
WHERE c.source_id = $source_id AND f.source_id = $source_id
    AND c.captured_at::DATE BETWEEN $start_day AND $end_day
QUALIFY row_number() OVER (
    PARTITION BY f.link_id ORDER BY c.last_seen_at DESC, c.capture_id, f.requested_at, f.fetch_id) = 1
ORDER BY c.captured_at, c.capture_id;
