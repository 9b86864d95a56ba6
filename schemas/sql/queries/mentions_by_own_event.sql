-- The reports that would give events some ids.
SELECT mention_id, own_event_id FROM resolved_mentions
WHERE own_event_id IN (SELECT unnest($own_event_ids::VARCHAR[])) AND status = 'happened'
ORDER BY ALL;
