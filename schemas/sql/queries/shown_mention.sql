-- One mention with the text it stands in.
SELECT m.*, a.canonical_url AS url, a.source_id, t.title, t.text, v.published_day
FROM mentions m
JOIN article_versions v ON v.version_id = m.version_id
JOIN articles a ON a.article_id = m.article_id
JOIN contents t ON t.content_sha256 = v.content_sha256
WHERE m.mention_id = $mention_id;
