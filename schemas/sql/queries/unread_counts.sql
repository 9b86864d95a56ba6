-- How many pages are kept whose last reading did not come to its end, by why; `waiting` of them failed so often under the
-- present code that no night tries them again.
WITH tried AS (
    SELECT
        f.capture_id,
        arg_max(f.outcome, (r.started_at, f.requested_at, f.fetch_id)) AS outcome,
        arg_max(f.reason, (r.started_at, f.requested_at, f.fetch_id)) AS reason,
        count(*) FILTER (f.outcome = 'quarantined' AND r.code_version = $code_version) AS tries
    FROM fetches f
    JOIN runs r ON r.run_id = f.run_id
    WHERE f.stage <> 'fetch' AND f.capture_id IN (
        SELECT capture_id FROM fetches
        WHERE capture_id IS NOT NULL AND stage <> 'fetch' AND outcome IN ('quarantined', 'deferred'))
    GROUP BY f.capture_id
)
SELECT reason, count(*)::INTEGER AS pages,
    count(*) FILTER (outcome = 'quarantined' AND tries >= $most_tries)::INTEGER AS waiting
FROM tried
WHERE outcome IN ('quarantined', 'deferred')
GROUP BY reason
ORDER BY reason;
