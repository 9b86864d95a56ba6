-- Names of sides that no actor of the seeds has, in mentions that stand: how many, whose kind, and one of the mentions.
SELECT a.name, mode(a.kind) AS kind, count(DISTINCT a.mention_id)::INTEGER AS mentions, min(a.mention_id) AS mention_id
FROM mention_actors_reviewed a
JOIN mentions m ON m.mention_id = a.mention_id
JOIN articles r ON r.current_version_id = m.version_id
WHERE a.actor_id IS NULL AND a.role <> 'object' AND regexp_matches(a.name, '\p{Lu}')
GROUP BY a.name
ORDER BY mentions DESC, a.name
LIMIT $number;
