-- The newest capture of each link of a source among those that showed the web of some days (UTC), with the fetch that
-- first brought it. With $readers only those last read by one of them ("name=version"), or that gave no article;
-- $coders: also articles without mentions, of which nobody noted who coded them.
SELECT c.url AS capture_url, c.sha256, c.byte_length, c.content_type AS capture_content_type, c.captured_at,
    c.run_id AS capture_run_id, c.warc_file, c.warc_offset, c.warc_length, c.archive, c.archive_record, c.archived_at,
    c.archive_check, f.*
FROM captures c JOIN fetches f ON f.capture_id = c.capture_id
WHERE c.source_id = $source_id AND f.source_id = $source_id
    AND coalesce(c.archived_at, c.captured_at)::DATE BETWEEN $start_day AND $end_day
    AND ($readers::VARCHAR[] IS NULL OR c.version_id IS NULL
        OR EXISTS (
            SELECT 1 FROM article_versions v WHERE v.version_id = c.version_id
                AND list_contains($readers::VARCHAR[], v.extractor || '=' || v.extractor_version))
        OR EXISTS (
            SELECT 1 FROM mentions m WHERE m.version_id = c.version_id
                AND list_contains($readers::VARCHAR[], m.coder || '=' || m.coder_version))
        OR ($coders AND NOT EXISTS (SELECT 1 FROM mentions m WHERE m.version_id = c.version_id)))
QUALIFY row_number() OVER (
    PARTITION BY f.link_id ORDER BY c.last_seen_at DESC, c.capture_id, f.requested_at, f.fetch_id) = 1
ORDER BY c.captured_at, c.capture_id;
