-- The versions of one article, asked for by its id, by the id of one of its versions, or by an address it was linked or
-- fetched under, in the order they were first seen.
WITH asked AS (
    SELECT article_id FROM articles WHERE article_id = $asked OR canonical_url IN ($asked, $canonical)
    UNION
    SELECT article_id FROM article_versions WHERE version_id = $asked
    UNION
    SELECT v.article_id
    FROM fetches f JOIN article_versions v ON v.version_id = f.version_id
    WHERE $asked IN (f.url, f.canonical_url, f.final_url)
)
SELECT
    v.article_id, v.version_id, a.source_id, a.canonical_url, v.content_sha256, t.title, t.text, v.first_seen_at,
    v.published_day, v.modified_at, v.correction_note, v.completeness, v.capture_id,
    v.version_id = a.current_version_id AS current,
    v.version_id NOT IN (SELECT c.version_id FROM captures c WHERE c.version_id IS NOT NULL) AS superseded
FROM asked
JOIN articles a USING (article_id)
JOIN article_versions v USING (article_id)
JOIN contents t ON t.content_sha256 = v.content_sha256
ORDER BY v.article_id, v.first_seen_at, v.version_id;
