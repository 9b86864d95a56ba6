-- The mentions of the standing version of every article, flat, each with its source's family and its story.
-- Actors are canonical ids where known, else folded names, sorted.
WITH sides AS (
    SELECT
        mention_id,
        coalesce(list_sort(list(DISTINCT coalesce(actor_id, lower(trim(name)))) FILTER (role = 'initiator')), []) AS initiators,
        coalesce(list_sort(list(DISTINCT coalesce(actor_id, lower(trim(name)))) FILTER (role = 'target')), []) AS targets
    FROM mention_actors
    GROUP BY mention_id
)
SELECT
    m.mention_id, m.article_id, m.version_id, a.source_id, coalesce(s.family, a.source_id) AS family,
    coalesce(st.story_id, m.article_id) AS story_id, v.published_day, m.trigger_start,
    m.event_type, m.sub_event_type, m.status, m.aggregate,
    m.date_start, m.date_end, m.date_precision,
    m.place_name, m.place_id, m.admin1, m.admin2, m.country, m.latitude, m.longitude, m.place_precision,
    coalesce(x.initiators, []) AS initiators, coalesce(x.targets, []) AS targets,
    m.killed_low, m.killed_best, m.killed_high, m.injured_low, m.injured_best, m.injured_high, m.confidence
FROM articles a
JOIN mentions m ON m.version_id = a.current_version_id
JOIN article_versions v ON v.version_id = m.version_id
LEFT JOIN sources s ON s.source_id = a.source_id
LEFT JOIN stories st ON st.version_id = m.version_id
LEFT JOIN sides x ON x.mention_id = m.mention_id
ORDER BY m.mention_id;
