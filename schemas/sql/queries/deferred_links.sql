-- The links whose last request was put off to an instant that has not come.
SELECT canonical_url, deferred_until, reason, run_id
FROM fetches
WHERE source_id IN (SELECT unnest($source_ids::VARCHAR[])) AND requested_at > $now::TIMESTAMPTZ - INTERVAL 2 DAY
QUALIFY row_number() OVER (PARTITION BY canonical_url ORDER BY requested_at DESC, fetch_id) = 1
    AND outcome = 'deferred' AND deferred_until > $now::TIMESTAMPTZ
ORDER BY canonical_url;
