-- Articles that a reprocess reads otherwise than before, page by page, each reading as JSON.
WITH pages AS (
    SELECT DISTINCT capture_id, source_id, canonical_url FROM fetches
    WHERE run_id = $run_id AND capture_id IS NOT NULL
),
was AS (
    SELECT c.capture_id, v.article_id, to_json({
        'title': t.title, 'text': t.text, 'language': v.language, 'authors': v.authors, 'publisher': v.publisher,
        'section': v.section, 'published_at': v.published_at, 'published_day': v.published_day,
        'modified_at': v.modified_at, 'correction_note': v.correction_note, 'completeness': v.completeness})::VARCHAR AS told
    FROM before.captures c JOIN before.article_versions v ON v.version_id = c.version_id
    JOIN before.contents t ON t.content_sha256 = v.content_sha256
),
is_now AS (
    SELECT c.capture_id, v.article_id, to_json({
        'title': t.title, 'text': t.text, 'language': v.language, 'authors': v.authors, 'publisher': v.publisher,
        'section': v.section, 'published_at': v.published_at, 'published_day': v.published_day,
        'modified_at': v.modified_at, 'correction_note': v.correction_note, 'completeness': v.completeness})::VARCHAR AS told
    FROM captures c JOIN article_versions v ON v.version_id = c.version_id
    JOIN contents t ON t.content_sha256 = v.content_sha256
)
SELECT p.source_id, p.canonical_url AS url, n.article_id AS subject_id, w.told AS old, n.told AS new
FROM pages p JOIN was w ON w.capture_id = p.capture_id JOIN is_now n ON n.capture_id = p.capture_id
WHERE w.told IS DISTINCT FROM n.told
ORDER BY p.source_id, p.canonical_url, p.capture_id;
