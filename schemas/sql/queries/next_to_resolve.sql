-- The next of what is to be resolved, by day: what lies near in time is read together.
SELECT c.* EXCLUDE (changed_id, about_day), c.changed_id, m.sentence_start, m.sentence_end, t.text
FROM (FROM firstdraft_to_resolve ORDER BY about_day NULLS FIRST, changed_id LIMIT $size OFFSET $done) c
LEFT JOIN mentions m ON m.mention_id = c.mention_id
LEFT JOIN article_versions v ON v.version_id = c.version_id
LEFT JOIN contents t ON t.content_sha256 = v.content_sha256
ORDER BY c.changed_id;
