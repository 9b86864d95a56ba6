-- title: Totals and the events they may sum
-- grain: one row per report of a total and event of its article, or of its time and place
-- columns:
--   mention_id: The report that gives a total, such as a month's toll; it makes no event and adds to no count.
--   event_id: An event it may sum up.
--   link: article (told in the same article version), else time and place (it lies within what the total covers).
--   total_killed: Persons killed, as the total says.
--   total_injured: Persons injured, as the total says.
--   killed_best: Persons killed in the event.
--   injured_best: Persons injured in the event.
--   civilians_killed: Civilians among them, where its reports tell.
--   combatants_killed: Combatants among them, where its reports tell.
--   kinds_told: Whether the reports tell of all killed in it who they were.
--   date_start: First day of the event.
--   place_name: Place of the event, as named.
--   sub_event_type: ACLED's sub-event type of the event.
WITH dead AS (
    SELECT
        event_id,
        sum(best) FILTER (kind = 'civilian')::INTEGER AS civilians,
        sum(best) FILTER (kind = 'combatant')::INTEGER AS combatants
    FROM event_victims WHERE toll = 'killed' AND subgroup IS NULL
    GROUP BY event_id
),
own AS (
    SELECT DISTINCT t.mention_id, l.event_id
    FROM total_reports t
    JOIN mentions m ON m.article_id = t.article_id AND m.version_id = t.version_id AND m.mention_id <> t.mention_id
    JOIN event_links l ON l.mention_id = m.mention_id
    JOIN events e ON e.event_id = l.event_id
    -- Without a day either may be the other's.
    WHERE t.date_start IS NULL OR e.date_start IS NULL OR (e.date_start <= t.date_end AND e.date_end >= t.date_start)
),
covered AS (
    SELECT t.mention_id, e.event_id
    -- By months, so that a total is not compared with every event of its country: an event begins in one of them.
    FROM (
        SELECT *, unnest(generate_series(date_trunc('month', date_start), date_end, INTERVAL 1 MONTH))::DATE AS month
        FROM total_reports
    ) t
    JOIN events e ON date_trunc('month', e.date_start)::DATE = t.month AND e.country = t.country
        AND e.date_start >= t.date_start AND e.date_end <= t.date_end
    WHERE CASE
        WHEN t.place_precision <= 3 THEN e.place_id = t.place_id
        WHEN t.place_precision = 4 THEN e.admin1 = t.admin1
        ELSE true
    END
)
SELECT
    t.mention_id,
    e.event_id,
    CASE WHEN o.event_id IS NOT NULL THEN 'article' ELSE 'time and place' END AS link,
    t.killed_best AS total_killed,
    t.injured_best AS total_injured,
    e.killed_best,
    e.injured_best,
    w.civilians AS civilians_killed,
    w.combatants AS combatants_killed,
    coalesce(e.killed_best, 0) = coalesce(w.civilians, 0) + coalesce(w.combatants, 0) AS kinds_told,
    e.date_start,
    e.place_name,
    e.sub_event_type
FROM (SELECT mention_id, event_id FROM own UNION SELECT mention_id, event_id FROM covered) p
JOIN total_reports t ON t.mention_id = p.mention_id
JOIN events e ON e.event_id = p.event_id
LEFT JOIN dead w ON w.event_id = p.event_id
LEFT JOIN own o ON o.mention_id = p.mention_id AND o.event_id = p.event_id
ORDER BY t.mention_id, e.date_start, e.event_id
