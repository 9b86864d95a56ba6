-- title: Who did it to whom, by year
-- grain: one row per year, initiator and target; an event counts once for each pair any of its mentions names
-- kept: made when the snapshot is published
-- columns:
--   year: Year the events began in; NULL where undated.
--   initiator: Name in seeds/actors.csv, else as named, in lower case.
--   target: Name in seeds/actors.csv, else as named, in lower case.
--   initiator_id: The actor in seeds/actors.csv; NULL where it is not known there.
--   target_id: The actor in seeds/actors.csv; NULL where it is not known there.
--   events: How many events.
--   killed_best: Persons killed in these events, on whichever side: sum of the most conservative best counts.
--   injured_best: Persons injured in these events: sum of the most conservative best counts.
WITH pairs AS (
    SELECT DISTINCT
        e.rowid AS event,
        i.actor_id AS initiator_id, coalesce(i.canonical_name, lower(trim(i.name))) AS initiator,
        t.actor_id AS target_id, coalesce(t.canonical_name, lower(trim(t.name))) AS target
    FROM mention_actors_reviewed i
    JOIN mention_actors_reviewed t ON t.mention_id = i.mention_id AND t.role = 'target'
    JOIN event_links l ON l.mention_id = i.mention_id AND l.relation <> 'denies'
    JOIN events e ON e.event_id = l.event_id
    WHERE i.role = 'initiator'
)
SELECT
    year(e.date_start)::INTEGER AS year,
    p.initiator,
    p.target,
    p.initiator_id,
    p.target_id,
    count(*)::INTEGER AS events,
    coalesce(sum(e.killed_best), 0)::INTEGER AS killed_best,
    coalesce(sum(e.injured_best), 0)::INTEGER AS injured_best
FROM pairs p
JOIN events e ON e.rowid = p.event
GROUP BY ALL
ORDER BY year NULLS LAST, events DESC, initiator, target, initiator_id, target_id
