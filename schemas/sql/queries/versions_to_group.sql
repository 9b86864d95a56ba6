-- The standing versions whose story is not known, or was found by another way or day; and those that stand no more.
WITH standing AS (
    SELECT v.version_id, coalesce(v.published_day, v.first_seen_at::DATE) AS day,
        hash($scheme, coalesce(v.published_day, v.first_seen_at::DATE)) AS read_hash
    FROM articles a JOIN article_versions v ON v.version_id = a.current_version_id
)
SELECT coalesce(n.version_id, s.version_id) AS version_id, n.day, n.read_hash, s.story_id
FROM standing n FULL JOIN stories s ON s.version_id = n.version_id
WHERE n.version_id IS NULL OR s.version_id IS NULL OR s.read_hash <> n.read_hash
ORDER BY day NULLS FIRST, version_id
