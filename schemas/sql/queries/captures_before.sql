-- Which run brought some captures that stand, and what they are read as.
SELECT capture_id, run_id, version_id, last_seen_at FROM captures
WHERE capture_id IN (SELECT unnest($capture_ids::VARCHAR[]));
