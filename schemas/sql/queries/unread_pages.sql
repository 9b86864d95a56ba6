-- Pages whose newest bytes are kept and whose last reading did not come to its end: it was put off for want of time, or
-- failed by our limits, the death of our process or an error of ours. What failed three times under one version of the
-- code waits for another version. Each with the fetch that first brought it; `damaged` are bytes that cannot be read back.
WITH failed AS (
    SELECT DISTINCT capture_id
    FROM fetches
    WHERE capture_id IS NOT NULL AND stage <> 'fetch' AND outcome IN ('quarantined', 'deferred')
        AND ($source_ids::VARCHAR[] IS NULL OR source_id IN (SELECT unnest($source_ids::VARCHAR[])))
),
tried AS (
    SELECT
        f.capture_id,
        arg_max(f.outcome, (r.started_at, f.requested_at, f.fetch_id)) AS outcome,
        arg_max(f.reason, (r.started_at, f.requested_at, f.fetch_id)) AS reason,
        count(*) FILTER (f.outcome = 'quarantined' AND r.code_version = $code_version) AS tries
    FROM failed
    JOIN fetches f ON f.capture_id = failed.capture_id AND f.stage <> 'fetch'
    JOIN runs r ON r.run_id = f.run_id
    GROUP BY f.capture_id
),
newest AS (
    SELECT c.*
    FROM captures c
    WHERE c.url IN (SELECT c.url FROM captures c JOIN failed ON failed.capture_id = c.capture_id)
    QUALIFY row_number() OVER (PARTITION BY c.url ORDER BY c.last_seen_at DESC, c.capture_id) = 1
)
SELECT c.url AS capture_url, c.sha256, c.byte_length, c.content_type AS capture_content_type, c.captured_at,
    c.run_id AS capture_run_id, c.warc_file, c.warc_offset, c.warc_length, c.archive, c.archive_record, c.archived_at,
    c.archive_check, t.reason = 'capture_damaged' AS damaged, t.tries, t.reason AS failed_for, f.*
FROM newest c
JOIN tried t ON t.capture_id = c.capture_id
JOIN fetches f ON f.capture_id = c.capture_id
WHERE t.outcome IN ('quarantined', 'deferred') AND (t.outcome = 'deferred' OR t.tries < $most_tries)
QUALIFY row_number() OVER (PARTITION BY f.canonical_url ORDER BY f.requested_at, f.fetch_id) = 1
ORDER BY f.canonical_url;
