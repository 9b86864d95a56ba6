-- Runs that ledger and warehouse do not tell alike. told_runs: done, abandoned or running.
SELECT coalesce(t.run_id, r.run_id) AS run_id, t.state AS told, r.state AS held
FROM told_runs t FULL JOIN w.runs r ON r.run_id = t.run_id
WHERE t.state IS DISTINCT FROM r.state
ORDER BY run_id;
