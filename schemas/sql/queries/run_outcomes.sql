-- How the links of one run ended.
SELECT outcome, reason, count(*) AS links FROM fetches
WHERE run_id = $run_id GROUP BY ALL ORDER BY ALL;
