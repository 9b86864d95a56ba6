-- The mentions behind one event, each with its sentence, version, capture, and the fetch and run that brought the bytes.
WITH linked AS (FROM event_links WHERE event_id = $event_id),
brought AS (
    SELECT f.* FROM fetches f
    WHERE f.capture_id IN (
        SELECT v.capture_id FROM linked l JOIN mentions m USING (mention_id) JOIN article_versions v USING (version_id))
    QUALIFY row_number() OVER (PARTITION BY f.capture_id ORDER BY f.requested_at, f.fetch_id) = 1
)
SELECT
    l.event_id, l.mention_id, l.relation, l.score, l.rule,
    m.sentence_start, m.sentence_end, m.coder, m.coder_version, m.coded_run_id,
    substring(t.text, m.sentence_start + 1, m.sentence_end - m.sentence_start) AS sentence,
    m.article_id, m.version_id, a.source_id, s.name AS source_name, s.family, a.canonical_url, t.title,
    v.published_at, v.published_day, v.published_origin, v.published_reason, m.version_id = a.current_version_id AS current,
    v.content_sha256, v.extractor, v.extractor_version, v.page_starts,
    c.url AS capture_url, c.sha256 AS capture_sha256, c.byte_length AS capture_byte_length,
    c.content_type AS capture_content_type, c.captured_at AS capture_captured_at, c.run_id AS capture_run_id,
    c.warc_file AS capture_warc_file, c.warc_offset AS capture_warc_offset, c.warc_length AS capture_warc_length,
    c.archive AS capture_archive, c.archive_record AS capture_archive_record, c.archived_at AS capture_archived_at,
    c.archive_check AS capture_archive_check,
    f.fetch_id, f.requested_at AS fetch_requested_at, f.url AS fetch_url, f.final_url AS fetch_final_url,
    f.status AS fetch_status, f.found_in AS fetch_found_in, f.found_at AS fetch_found_at, f.run_id AS fetch_run_id,
    r.origin AS run_origin, r.started_at AS run_started_at, r.code_version AS run_code_version
FROM linked l
JOIN mentions m ON m.mention_id = l.mention_id
JOIN article_versions v ON v.version_id = m.version_id
JOIN articles a ON a.article_id = m.article_id
JOIN contents t ON t.content_sha256 = v.content_sha256
JOIN captures c ON c.capture_id = v.capture_id
LEFT JOIN sources s ON s.source_id = a.source_id
LEFT JOIN brought f ON f.capture_id = v.capture_id
LEFT JOIN runs r ON r.run_id = f.run_id
ORDER BY (l.relation = 'denies'), (l.relation = 'repeats'), v.published_at NULLS LAST, l.mention_id;
