-- The versions of every article that has several, without readings that newer code replaced, with their texts, in the order they were first seen.
SELECT v.article_id, v.version_id, a.source_id, a.canonical_url, v.content_sha256, t.title, t.text, v.first_seen_at,
    v.published_day, v.modified_at, v.correction_note, v.completeness, v.capture_id,
    v.version_id = a.current_version_id AS current, false AS superseded
FROM article_versions v
JOIN articles a ON a.article_id = v.article_id
JOIN contents t ON t.content_sha256 = v.content_sha256
WHERE v.article_id >= $low AND v.article_id < $high
    AND v.version_id IN (SELECT version_id FROM captures)
    AND v.article_id IN (SELECT article_id FROM article_versions GROUP BY article_id HAVING count(*) > 1)
ORDER BY v.article_id, v.first_seen_at, v.version_id;
