-- Versions of articles with all that the reader is given of them.
SELECT v.version_id, v.article_id, t.title, t.text, v.language, v.published_day, v.dateline_place, v.dateline_agency,
    v.dateline_start, v.dateline_end, s.country
FROM article_versions v
JOIN contents t ON t.content_sha256 = v.content_sha256
JOIN articles a ON a.article_id = v.article_id
LEFT JOIN sources s ON s.source_id = a.source_id
WHERE list_contains($version_ids::VARCHAR[], v.version_id)
ORDER BY v.version_id;
