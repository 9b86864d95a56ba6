-- When some captures were last seen.
SELECT capture_id, last_seen_at FROM captures
WHERE capture_id IN (SELECT unnest($capture_ids::VARCHAR[]));
