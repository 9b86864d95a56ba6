-- A hash over the actors of each of some mentions and what is claimed of it, as read.
SELECT mention_id, sum(part) AS told
FROM (
    SELECT mention_id, hash(number, role, actor_id, name) AS part FROM mention_actors
    UNION ALL
    SELECT mention_id, hash(number, speaker, stance, about) AS part FROM mention_claims
)
WHERE mention_id IN (SELECT unnest($mention_ids::VARCHAR[]))
GROUP BY mention_id;
