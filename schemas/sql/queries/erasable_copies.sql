-- Articles of other addresses that hold the same text as some captures, word for word or as copies of one story.
WITH ours AS (
    SELECT v.version_id, v.article_id, v.content_sha256
    FROM captures c JOIN article_versions v ON v.version_id = c.version_id
    WHERE c.capture_id IN (SELECT unnest($capture_ids::VARCHAR[]))
),
told AS (SELECT s.story_id FROM stories s SEMI JOIN ours ON ours.version_id = s.version_id)
SELECT DISTINCT v.article_id
FROM article_versions v
LEFT JOIN stories s ON s.version_id = v.version_id
WHERE v.article_id NOT IN (SELECT article_id FROM ours)
    AND (v.content_sha256 IN (SELECT content_sha256 FROM ours) OR s.story_id IN (SELECT story_id FROM told))
ORDER BY 1;
