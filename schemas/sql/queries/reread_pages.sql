-- Captures to be read again, each with the fetch of its link that first brought it.
SELECT c.url AS capture_url, c.sha256, c.byte_length, c.content_type AS capture_content_type, c.captured_at,
    c.run_id AS capture_run_id, c.warc_file, c.warc_offset, c.warc_length, c.archive, c.archive_record, c.archived_at,
    c.archive_check, f.*
FROM (SELECT unnest($link_ids::VARCHAR[]) AS link_id, unnest($capture_ids::VARCHAR[]) AS capture_id) asked
JOIN fetches f ON f.link_id = asked.link_id AND f.capture_id = asked.capture_id
JOIN captures c ON c.capture_id = asked.capture_id
QUALIFY row_number() OVER (
    PARTITION BY asked.link_id, asked.capture_id ORDER BY f.requested_at, f.fetch_id) = 1
ORDER BY c.captured_at, c.capture_id;
