-- Batches that ledger and warehouse do not tell alike.
WITH held AS (
    SELECT run_id, source_id, batch, count(*) AS links,
        sha256(string_agg(concat_ws('|', fetch_id, outcome, coalesce(reason, ''), coalesce(capture_id, ''),
            coalesce(version_id, '')), chr(10) ORDER BY fetch_id)) AS digest
    FROM w.fetches GROUP BY ALL)
SELECT CASE WHEN h.run_id IS NULL THEN 'batch_missing' WHEN t.run_id IS NULL THEN 'batch_unknown'
        ELSE 'batch_differs' END AS what,
    coalesce(t.run_id, h.run_id) AS run_id, coalesce(t.source_id, h.source_id) AS source_id,
    coalesce(t.batch, h.batch) AS batch, coalesce(t.links, 0) AS told, coalesce(h.links, 0) AS held
FROM told_batches t FULL JOIN held h ON h.run_id = t.run_id AND h.source_id = t.source_id AND h.batch = t.batch
WHERE (t.links > 0 OR h.links > 0)
    AND (h.run_id IS NULL OR t.run_id IS NULL OR h.digest <> t.digest OR h.links <> t.links)
ORDER BY ALL;
