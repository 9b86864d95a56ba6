-- The members of some clusters, by the id of the event each makes.
SELECT cluster_id, mention_id, own_event_id FROM resolved_mentions
WHERE cluster_id IN (SELECT unnest($cluster_ids::VARCHAR[]))
ORDER BY ALL;
