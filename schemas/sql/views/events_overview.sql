-- title: Events as a person reads them
-- grain: one row per event, the latest first
-- kept: by event, event_id
-- columns:
--   event_id: The event.
--   date_start: First day; NULL where the reports give none.
--   date_end: Last day.
--   place_name: Place as named.
--   admin1: First-order division.
--   country: Country, in words.
--   event_type: ACLED's event type.
--   sub_event_type: ACLED's sub-event type.
--   initiators: Who acted, the leading one first.
--   targets: Whom it was done to, the leading one first.
--   killed_low: Lowest count of persons killed.
--   killed_best: Most conservative best count of persons killed.
--   killed_high: Highest count of persons killed.
--   injured_low: Lowest count of persons injured.
--   injured_best: Most conservative best count of persons injured.
--   injured_high: Highest count of persons injured.
--   status: happened, or disputed where somebody denies it.
--   disputed: The fields reports disagree on, and between what values.
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
    coalesce(c.name, e.country) AS country,
    e.event_type,
    e.sub_event_type,
    x.initiators,
    x.targets,
    e.killed_low,
    e.killed_best,
    e.killed_high,
    e.injured_low,
    e.injured_best,
    e.injured_high,
    e.status,
    e.disputed,
    e.family_count,
    e.origin_count,
    o.sources
FROM events e
LEFT JOIN countries c ON c.country = e.country
LEFT JOIN sides x ON x.event_id = e.event_id
LEFT JOIN outlets o ON o.event_id = e.event_id
ORDER BY date_start DESC NULLS LAST, event_id
