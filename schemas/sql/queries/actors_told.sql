-- A hash over the actors of each of some mentions, as read.
SELECT mention_id, sum(hash(number, role, actor_id, name)) AS told FROM mention_actors
WHERE mention_id IN (SELECT unnest($mention_ids::VARCHAR[]))
GROUP BY mention_id;
