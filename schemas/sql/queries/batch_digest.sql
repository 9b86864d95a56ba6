-- The ends of the links of a run's batches as one hash a batch; of one batch, or of all where $batch is NULL.
SELECT run_id, source_id, batch, count(*) AS links,
    sha256(string_agg(concat_ws('|', fetch_id, outcome, coalesce(reason, ''), coalesce(capture_id, ''),
        coalesce(version_id, '')), chr(10) ORDER BY fetch_id)) AS digest
FROM fetches
WHERE ($since::TIMESTAMPTZ IS NULL OR requested_at >= $since) AND run_id = $run_id AND ($batch IS NULL OR (source_id = $source_id AND batch = $batch))
GROUP BY ALL
ORDER BY source_id, batch;
