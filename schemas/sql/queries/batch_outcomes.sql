-- How the links of one batch ended.
SELECT outcome, reason, count(*) AS links FROM fetches
WHERE run_id = $run_id AND source_id = $source_id AND batch = $batch
GROUP BY ALL ORDER BY ALL;
