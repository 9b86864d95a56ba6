-- One narrow row per event for lists, maps and search: the latest day first, of one day the most killed first.
WITH sides AS (
    SELECT
        event_id,
        string_agg(name, ', ' ORDER BY rank) FILTER (role = 'initiator') AS initiators,
        string_agg(name, ', ' ORDER BY rank) FILTER (role = 'target') AS targets
    FROM event_actors
    GROUP BY event_id
),
outlets AS (
    SELECT l.event_id, list(DISTINCT a.source_id ORDER BY a.source_id) AS source_ids
    FROM event_links l
    JOIN mentions m ON m.mention_id = l.mention_id
    JOIN articles a ON a.article_id = m.article_id
    GROUP BY l.event_id
)
SELECT e.event_id, e.date_start, e.date_end, e.date_precision, e.place_name, e.place_id, e.admin1,
    coalesce(c.name, e.country) AS country, c.iso_numeric, e.latitude, e.longitude, e.place_precision, e.event_type,
    e.sub_event_type, x.initiators, x.targets, e.killed_low, e.killed_best, e.killed_high, e.killed_open,
    e.injured_low, e.injured_best, e.injured_high, e.injured_open, e.detained_low, e.detained_best, e.detained_high,
    e.detained_open, e.displaced_low, e.displaced_best, e.displaced_high, e.displaced_open, e.disputed, e.differs,
    e.family_count, e.mention_count, e.country AS country_code, h.initiator, h.target, h.target_kind, h.object, h.weapon,
    h.deniers, h.title, h.source_name, o.source_ids, e.created_at, e.changed_at,
    e.created_run_id, e.changed_run_id
FROM events e
LEFT JOIN countries c ON c.country = e.country
LEFT JOIN sides x ON x.event_id = e.event_id
LEFT JOIN outlets o ON o.event_id = e.event_id
LEFT JOIN event_heads h ON h.event_id = e.event_id
ORDER BY e.date_start DESC NULLS LAST, e.killed_best DESC NULLS LAST, e.injured_best DESC NULLS LAST, e.event_id;
