-- The sources of one run whose links did not each end in exactly one outcome.
WITH ended AS (SELECT source_id, count(*) AS ended FROM fetches WHERE run_id = $run_id GROUP BY source_id)
SELECT coalesce(r.source_id, e.source_id) AS source_id, coalesce(r.discovered, 0) AS discovered,
    coalesce(e.ended, 0) AS ended
FROM (FROM run_sources WHERE run_id = $run_id) r FULL JOIN ended e ON e.source_id = r.source_id
WHERE coalesce(r.discovered, 0) <> coalesce(e.ended, 0)
ORDER BY source_id;
