-- Articles a day of each of some sources, over the days from its first to its last dated one; none where all is undated.
SELECT a.source_id, count(DISTINCT a.article_id) / (1 + max(v.published_day) - min(v.published_day)) AS pace
FROM articles a JOIN article_versions v ON v.version_id = a.current_version_id
WHERE a.source_id IN (SELECT unnest($source_ids::VARCHAR[])) AND v.published_day IS NOT NULL
GROUP BY a.source_id ORDER BY a.source_id;
