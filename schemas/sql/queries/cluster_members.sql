-- The members of the clusters that some mentions belong to.
SELECT cluster_id, mention_id FROM resolved_mentions
WHERE cluster_id IN (
    SELECT cluster_id FROM resolved_mentions
    WHERE mention_id IN (SELECT unnest($mention_ids::VARCHAR[])) AND cluster_id IS NOT NULL)
ORDER BY ALL;
