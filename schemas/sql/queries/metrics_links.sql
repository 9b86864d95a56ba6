-- How the links of one run ended, by source.
SELECT source_id, outcome, count(*) AS links
FROM fetches
WHERE run_id = $run_id
GROUP BY source_id, outcome
ORDER BY source_id, outcome;
