-- The first story of some addresses, as it stands: what a new reading of the address is compared with.
SELECT a.article_id, t.title, v.published_day, v.completeness, v.fingerprint
FROM articles a
JOIN article_versions v ON v.version_id = a.current_version_id
JOIN contents t ON t.content_sha256 = v.content_sha256
WHERE a.article_id IN (SELECT unnest($article_ids::VARCHAR[]));
