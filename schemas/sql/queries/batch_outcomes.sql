-- How the links of one batch ended; its first request may be told, and spares reading what is older.
SELECT outcome, reason, count(*) AS links FROM fetches
WHERE ($since::TIMESTAMPTZ IS NULL OR requested_at >= $since) AND run_id = $run_id AND source_id = $source_id AND batch = $batch
GROUP BY ALL ORDER BY ALL;
