-- The mentions stored of some article versions.
SELECT mention_id FROM mentions
WHERE version_id IN (SELECT unnest($version_ids::VARCHAR[]));
