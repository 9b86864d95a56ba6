-- title: Events as a person reads them
-- grain: one row per event, the latest first
-- kept: by event, event_id
-- columns:
--   event_id: The event.
--   date_start: First day; NULL where the reports give none.
--   date_end: Last day.
--   place_name: Place as named.
--   admin1: First-order division.
--   admin2: Second-order division, where the gazetteer has it.
--   country: Country, ISO 3166 alpha-2.
--   country_name: Its name.
--   event_type: ACLED's event type.
--   sub_event_type: ACLED's sub-event type.
--   initiators: Who acted, the leading one first.
--   targets: Whom it was done to, the leading one first.
--   killed_low: Lowest count of persons killed.
--   killed_best: Most conservative best count of persons killed.
--   killed_high: Highest count of persons killed.
--   killed_open: Whether more may have been killed: a report says "at least".
--   killed: Persons killed, in words: 14, 14 to 16, 20 or more.
--   civilians_killed: Civilians among the killed, where the reports tell.
--   combatants_killed: Combatants among the killed, where the reports tell.
--   women_killed: Women among the killed, where told.
--   children_killed: Children among the killed, where told.
--   injured_low: Lowest count of persons injured.
--   injured_best: Most conservative best count of persons injured.
--   injured_high: Highest count of persons injured.
--   injured_open: Whether more may have been injured.
--   detained_best: Most conservative best count of persons detained.
--   displaced_best: Most conservative best count of persons displaced.
--   status: happened, or disputed where somebody denies it or their part.
--   disputed: Whether somebody denies it, or their part.
--   differs: The fields reports disagree on, and between what values.
--   family_count: Publisher families that report it in their own words.
--   origin_count: Original sources: agencies credited, else families; copies count once.
--   sources: Names of the outlets that report or repeat it.
WITH sides AS (
    SELECT
        event_id,
        string_agg(name, ', ' ORDER BY rank) FILTER (role = 'initiator') AS initiators,
        string_agg(name, ', ' ORDER BY rank) FILTER (role = 'target') AS targets
    FROM event_actors
    GROUP BY event_id
),
victims AS (
    SELECT
        event_id,
        sum(best) FILTER (kind = 'civilian' AND subgroup IS NULL)::INTEGER AS civilians,
        sum(best) FILTER (kind = 'combatant' AND subgroup IS NULL)::INTEGER AS combatants,
        sum(best) FILTER (subgroup = 'women')::INTEGER AS women,
        sum(best) FILTER (subgroup = 'children')::INTEGER AS children
    FROM event_victims WHERE toll = 'killed'
    GROUP BY event_id
),
outlets AS (
    SELECT event_id, string_agg(DISTINCT source_name, ', ' ORDER BY source_name) AS sources
    FROM event_sources
    WHERE relation <> 'denies'
    GROUP BY event_id
)
SELECT
    e.event_id,
    e.date_start,
    e.date_end,
    e.place_name,
    e.admin1,
    e.admin2,
    e.country,
    coalesce(c.name, e.country) AS country_name,
    e.event_type,
    e.sub_event_type,
    x.initiators,
    x.targets,
    e.killed_low,
    e.killed_best,
    e.killed_high,
    e.killed_open,
    CASE
        WHEN e.killed_high IS NULL THEN NULL
        WHEN e.killed_open AND e.killed_low = e.killed_high THEN e.killed_low || ' or more'
        WHEN e.killed_open THEN concat(e.killed_low, ' to ', e.killed_high, ' or more')
        WHEN e.killed_low = e.killed_high THEN e.killed_low::VARCHAR
        ELSE concat(e.killed_low, ' to ', e.killed_high)
    END AS killed,
    w.civilians AS civilians_killed,
    w.combatants AS combatants_killed,
    w.women AS women_killed,
    w.children AS children_killed,
    e.injured_low,
    e.injured_best,
    e.injured_high,
    e.injured_open,
    e.detained_best,
    e.displaced_best,
    e.status,
    e.disputed,
    e.differs,
    e.family_count,
    e.origin_count,
    o.sources
FROM events e
LEFT JOIN countries c ON c.country = e.country
LEFT JOIN sides x ON x.event_id = e.event_id
LEFT JOIN victims w ON w.event_id = e.event_id
LEFT JOIN outlets o ON o.event_id = e.event_id
ORDER BY date_start DESC NULLS LAST, event_id
