-- Mentions of standing versions below a confidence that nobody judged yet, the least certain first. Of one field those
-- that give it, by the confidence of the field; by the mention's, where the field has none of its own.
WITH certain AS (
    SELECT m.mention_id,
        CASE WHEN $field = '' THEN m.confidence ELSE coalesce(min(e.confidence), m.confidence) END AS confidence,
        count(e.mention_id) AS told
    FROM articles a
    JOIN mentions m ON m.version_id = a.current_version_id
    LEFT JOIN mention_evidence e ON e.mention_id = m.mention_id AND e.field = CASE $field
        WHEN 'type' THEN 'trigger' WHEN 'initiators' THEN 'initiator' WHEN 'targets' THEN 'target' ELSE $field END
    GROUP BY m.mention_id, m.confidence
)
SELECT c.mention_id
FROM certain c
WHERE c.confidence < $below
    AND (c.told > 0 OR $field IN ('', 'status'))
    AND NOT EXISTS (
        SELECT 1 FROM review_matches r
        WHERE r.mention_id = c.mention_id AND (r.field = '' OR $field = '' OR r.field = $field))
ORDER BY c.confidence, c.mention_id
LIMIT $most;
