-- What became of the links of the last closed run, by source, outcome and reason.
SELECT f.source_id, f.outcome, coalesce(f.reason, '') AS reason, count(*)::INTEGER AS links
FROM fetches f
WHERE f.run_id = $run_id
GROUP BY ALL
ORDER BY ALL;
