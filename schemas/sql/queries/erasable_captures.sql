-- The captures that go when $asked is forgotten: an address, or the id of a capture or an article. With each the version
-- read from it, the captures that gave the same version, and those found to be copies of it before they were read.
WITH first AS (
    SELECT c.capture_id
    FROM captures c
    LEFT JOIN article_versions v ON v.version_id = c.version_id
    LEFT JOIN articles a ON a.article_id = v.article_id
    WHERE $asked IN (c.capture_id, v.article_id) OR (NOT starts_with($asked, 'cap_') AND $asked IN (c.url, a.canonical_url))
    UNION
    SELECT capture_id FROM erasures WHERE $asked IN (capture_id, article_id, url)
),
wide AS (
    SELECT capture_id FROM first
    UNION
    SELECT c.capture_id FROM captures c JOIN article_versions v ON v.version_id = c.version_id
    WHERE NOT starts_with($asked, 'art_') AND NOT starts_with($asked, 'cap_') AND v.article_id IN (
        SELECT o.article_id FROM first JOIN captures k USING (capture_id) JOIN article_versions o ON o.version_id = k.version_id)
    UNION
    SELECT c.capture_id FROM captures c WHERE c.version_id IN (
        SELECT k.version_id FROM first JOIN captures k USING (capture_id) WHERE k.version_id IS NOT NULL)
),
every AS (
    SELECT capture_id FROM wide
    UNION
    SELECT d.capture_id FROM fetches d WHERE d.outcome = 'duplicate' AND d.capture_id IS NOT NULL AND d.detail IN (
        SELECT f.url FROM fetches f JOIN wide USING (capture_id) WHERE f.run_id = d.run_id)
)
SELECT c.capture_id, c.source_id, c.url, c.sha256, c.byte_length, c.captured_at, v.article_id, c.version_id, v.content_sha256
FROM every JOIN captures c USING (capture_id) LEFT JOIN article_versions v ON v.version_id = c.version_id
UNION ALL
SELECT e.capture_id, e.source_id, e.url, e.sha256, e.byte_length, e.captured_at, e.article_id, e.version_id, e.content_sha256
FROM every JOIN erasures e USING (capture_id) ANTI JOIN captures c ON c.capture_id = e.capture_id
ORDER BY capture_id;
