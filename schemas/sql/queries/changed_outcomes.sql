-- Pages that a reprocess makes an article of where there was none, or none where there was one.
WITH last_end AS (
    SELECT capture_id, outcome || ': ' || coalesce(reason, '') AS told FROM before.fetches
    WHERE capture_id IS NOT NULL AND outcome <> 'unchanged'
    QUALIFY row_number() OVER (PARTITION BY capture_id ORDER BY requested_at DESC, fetch_id) = 1
)
SELECT f.source_id, f.canonical_url AS url, f.capture_id AS subject_id,
    CASE WHEN c.version_id IS NOT NULL THEN 'stored' ELSE coalesce(l.told, 'unread') END AS old,
    CASE WHEN f.version_id IS NOT NULL THEN 'stored' ELSE f.outcome || ': ' || coalesce(f.reason, '') END AS new
FROM fetches f JOIN before.captures c ON c.capture_id = f.capture_id
LEFT JOIN last_end l ON l.capture_id = f.capture_id
WHERE f.run_id = $run_id AND old <> new
ORDER BY f.source_id, f.canonical_url, f.capture_id;
