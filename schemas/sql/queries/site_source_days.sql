-- Articles each source published by day, and how many of them tell of an event. Days are those of the page's own zone.
SELECT a.source_id, v.published_day AS day, count(*)::INTEGER AS articles,
    count(*) FILTER (m.article_id IS NOT NULL)::INTEGER AS telling
FROM articles a
JOIN article_versions v ON v.version_id = a.current_version_id
LEFT JOIN (SELECT DISTINCT article_id FROM mentions) m ON m.article_id = a.article_id
WHERE v.published_day IS NOT NULL
GROUP BY ALL
ORDER BY ALL;
