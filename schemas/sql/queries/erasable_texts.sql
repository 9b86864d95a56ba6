-- Titles and texts read from some captures, and the headlines their links were offered with.
SELECT DISTINCT t.title, t.text
FROM captures c
JOIN article_versions v ON v.version_id = c.version_id
JOIN contents t ON t.content_sha256 = v.content_sha256
WHERE c.capture_id IN (SELECT unnest($capture_ids::VARCHAR[]))
UNION
SELECT DISTINCT title_hint, '' FROM fetches WHERE capture_id IN (SELECT unnest($capture_ids::VARCHAR[]))
ORDER BY ALL;
