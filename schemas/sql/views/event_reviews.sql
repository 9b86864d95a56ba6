-- title: What people decided about the mentions of an event
-- grain: one row per event, mention and field judged
-- columns:
--   event_id: The event.
--   mention_id: The mention.
--   relation: reports, repeats or denies.
--   field: The field judged; empty for the mention as a whole.
--   verdict: accept or correct.
--   said: What the coder had read, as JSON.
--   value: The right value as the reviewer wrote it.
--   note: Why.
--   reviewer: Who judged.
--   reviewed_at: When.
SELECT
    l.event_id, l.mention_id, l.relation, r.field, r.verdict, r.said, r.value, r.note, r.reviewer, r.reviewed_at
FROM event_links l
JOIN review_matches r ON r.mention_id = l.mention_id
ORDER BY l.event_id, l.mention_id, r.field
