-- The sources, and how each fares.
SELECT s.source_id, s.name, s.country, s.language, s.family, h.state, h.last_success_at, h.last_new_item_at
FROM sources s LEFT JOIN source_health h ON h.source_id = s.source_id
WHERE $after::VARCHAR IS NULL OR s.source_id > $after
ORDER BY s.source_id
LIMIT $most;
