-- How the sources that a run asked answered it, and the reason words of what failed.
SELECT s.source_id, s.reached, s.discovered, s.detail,
    list(DISTINCT p.error ORDER BY p.error) FILTER (p.error IS NOT NULL) AS errors
FROM run_sources s JOIN probes p ON p.run_id = s.run_id AND p.source_id = s.source_id
WHERE s.run_id = $run_id GROUP BY ALL ORDER BY s.source_id;
