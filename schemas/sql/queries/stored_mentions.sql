-- The mentions of the standing version of every article, flat, each with its source's family and its story.
-- Read as people left them: corrected where they were corrected, without those rejected. Actors are canonical ids where known, else folded names, sorted.
WITH sides AS (
    SELECT
        mention_id,
        coalesce(list_sort(list(DISTINCT coalesce(actor_id, lower(trim(name)))) FILTER (role = 'initiator')), []) AS initiators,
        coalesce(list_sort(list(DISTINCT coalesce(actor_id, lower(trim(name)))) FILTER (role = 'target')), []) AS targets
    FROM mention_actors_reviewed /* of those */
    GROUP BY mention_id
),
-- Who denies and who asserts, in a report itself. A denial of somebody's is no end of what others say: where a report
-- that was read as a denial also tells who says so, in a statement that holds the words that tell of it, it stays a report, with its figures, and is contested.
said AS (
    SELECT
        mention_id, deniers <> [] AS denied,
        list_filter(speakers, lambda name: NOT list_contains(deniers, name)) <> [] AS asserted
    FROM (
        SELECT
            c.mention_id,
            coalesce(list(DISTINCT lower(c.speaker)) FILTER (c.stance = 'denies' AND c.about NOT IN ('toll', 'cause')), []) AS deniers,
            coalesce(list(DISTINCT lower(c.speaker)) FILTER (
                c.stance = 'asserts' AND c.span_start <= t.trigger_start AND c.span_end >= t.trigger_end), []) AS speakers
        FROM (FROM mention_claims /* of those */) c
        JOIN mentions t ON t.mention_id = c.mention_id
        GROUP BY c.mention_id
    )
)
SELECT
    m.mention_id, m.article_id, m.version_id, a.source_id, coalesce(s.family, a.source_id) AS family,
    coalesce(st.story_id, m.article_id) AS story_id, v.published_day, m.trigger_start,
    m.event_type, m.sub_event_type,
    CASE WHEN m.status = 'denied' AND x2.asserted AND x2.denied THEN 'happened' ELSE m.status END AS status, m.aggregate,
    m.date_start, m.date_end, m.date_precision,
    m.place_name, m.place_id, m.admin1, m.admin2, m.country, m.latitude, m.longitude, m.place_precision,
    coalesce(x.initiators, []) AS initiators, coalesce(x.targets, []) AS targets,
    m.killed_low, m.killed_best, m.killed_high, m.injured_low, m.injured_best, m.injured_high,
    m.detained_low, m.detained_best, m.detained_high, m.displaced_low, m.displaced_best, m.displaced_high,
    (m.status <> 'denied' OR coalesce(x2.asserted, false)) AND coalesce(x2.denied, false) AS contested, m.confidence,
    coalesce(v.wire_agency, s.family, a.source_id) AS origin,
    coalesce(g.type_group, m.sub_event_type) AS type_group,
    (row_number() OVER (
        PARTITION BY m.article_id, coalesce(g.type_group, m.sub_event_type), m.date_start, coalesce(m.place_id, m.place_name),
            (m.status = 'happened' OR (m.status = 'denied' AND x2.asserted AND x2.denied)) AND NOT m.aggregate
        ORDER BY m.trigger_start, m.mention_id) - 1)::INTEGER AS number
FROM articles a
JOIN mentions_reviewed m ON m.version_id = a.current_version_id AND NOT m.rejected
JOIN article_versions v ON v.version_id = m.version_id
LEFT JOIN sources s ON s.source_id = a.source_id
LEFT JOIN event_groups g ON g.event_type = m.event_type
LEFT JOIN stories st ON st.version_id = m.version_id
LEFT JOIN said x2 ON x2.mention_id = m.mention_id
LEFT JOIN sides x ON x.mention_id = m.mention_id /* of these */
ORDER BY m.mention_id;
