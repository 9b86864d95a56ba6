-- title: Which verdict holds for which mention
-- grain: one row per verdict and article version in which its words were found again
-- columns:
--   mention_id: The mention it holds for now.
--   reviewed_mention_id: The mention as it was called when it was reviewed.
--   field: The field judged; empty for the mention as a whole.
--   verdict: accept, correct or reject.
--   said: What the coder had read, as JSON.
--   value: The right value as the reviewer wrote it.
--   changes: The columns of mentions it settles, as JSON.
--   actors: The actors of the sides it settles, by role, as JSON.
--   note: Why.
--   reviewer: Who judged.
--   reviewed_at: When.
-- The mention itself, else one of the same version whose trigger overlaps, else one of another version of the article
-- with the same sentence and trigger. To accept or reject is to judge a kind of event: it holds for that kind alone.
WITH candidates AS (
    SELECT
        r.mention_id AS reviewed_mention_id, r.field, m.mention_id, m.version_id,
        CASE
            WHEN m.mention_id = r.mention_id THEN 0
            WHEN m.version_id = r.version_id THEN 1
            ELSE 2
        END AS distance,
        m.sub_event_type = r.sub_event_type AS same_kind,
        abs(m.trigger_start - r.trigger_start) AS moved
    FROM reviews r
    JOIN mentions m ON m.article_id = r.article_id
    JOIN article_versions v ON v.version_id = m.version_id
    JOIN contents t ON t.content_sha256 = v.content_sha256
    WHERE m.mention_id = r.mention_id
        OR ((m.sub_event_type = r.sub_event_type OR r.verdict = 'correct') AND CASE
            WHEN m.version_id = r.version_id THEN m.trigger_start < r.trigger_end AND r.trigger_start < m.trigger_end
            ELSE substring(t.text, m.trigger_start + 1, m.trigger_end - m.trigger_start) = r.trigger
                AND sha256(substring(t.text, m.sentence_start + 1, m.sentence_end - m.sentence_start)) = r.sentence_sha256
            END)
),
nearest AS (
    SELECT * FROM candidates
    QUALIFY row_number() OVER (
        PARTITION BY reviewed_mention_id, field, version_id ORDER BY distance, same_kind DESC, moved, mention_id) = 1
)
SELECT
    n.mention_id, n.reviewed_mention_id, r.field, r.verdict, r.said, r.value, r.changes, r.actors,
    r.note, r.reviewer, r.reviewed_at
FROM nearest n
JOIN reviews r ON r.mention_id = n.reviewed_mention_id AND r.field = n.field
QUALIFY row_number() OVER (
    PARTITION BY n.mention_id, r.field ORDER BY r.reviewed_at DESC, n.distance, n.reviewed_mention_id) = 1
ORDER BY n.mention_id, r.field
