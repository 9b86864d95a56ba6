-- How the sources of one run fared.
SELECT r.source_id, s.name, r.reached, r.discovered, r.detail, r.new, coalesce(r.paused, false) AS paused
FROM run_sources r JOIN sources s USING (source_id)
WHERE r.run_id = $run_id ORDER BY r.source_id;
