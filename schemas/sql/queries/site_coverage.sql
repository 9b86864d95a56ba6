-- What stands behind the counts of a stretch of days: per language, articles published in it that were read, and those
-- that tell of an event; of those in other languages than English how many no model read, so that nothing reads them.
SELECT v.language, count(DISTINCT v.article_id)::INTEGER AS articles,
    count(DISTINCT v.article_id) FILTER (m.article_id IS NOT NULL)::INTEGER AS telling,
    count(DISTINCT v.article_id) FILTER (NOT starts_with(v.language, 'en') AND r.version_id IS NULL)::INTEGER AS unread
FROM articles a
JOIN article_versions v ON v.version_id = a.current_version_id
LEFT JOIN (SELECT DISTINCT article_id FROM mentions) m ON m.article_id = v.article_id
LEFT JOIN (SELECT DISTINCT version_id FROM llm_replies WHERE outcome = 'answered') r ON r.version_id = v.version_id
WHERE v.published_day BETWEEN $start AND $stop
GROUP BY v.language
ORDER BY articles DESC, v.language;
