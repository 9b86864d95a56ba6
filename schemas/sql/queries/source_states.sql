-- How some sources fared up to now.
SELECT source_id, last_success_at, last_new_item_at, failure_points, paused_until, pause_reason, pauses
FROM source_states
WHERE source_id IN (SELECT unnest($source_ids::VARCHAR[])) ORDER BY source_id;
