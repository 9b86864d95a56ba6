-- title: Events by month, actor and role
-- grain: one row per month, role and actor, over all mentions that report or repeat an event; undated events have a NULL month
-- kept: made when the snapshot is published
-- columns:
--   month: First day of the month the events began in.
--   role: initiator, target, supporter, or object: a thing that was hit.
--   actor_id: The actor in seeds/actors.csv; NULL where it is not known there.
--   name: The actor's name in seeds/actors.csv, else as named, in lower case.
--   events: How many events give it this role.
--   lethal_events: How many of them with at least one person killed.
--   killed_best: Persons killed in these events, whoever they were: sum of the most conservative best counts; NULL where none says.
WITH told AS (
    -- Numbers of rows stand for the events: a key of 24 characters in each of millions of groups costs seconds.
    SELECT DISTINCT e.rowid AS event, a.role, a.actor_id, coalesce(a.canonical_name, lower(trim(a.name))) AS name
    FROM mention_actors_reviewed a
    JOIN event_links l ON l.mention_id = a.mention_id AND l.relation <> 'denies'
    JOIN events e ON e.event_id = l.event_id
)
SELECT
    date_trunc('month', e.date_start)::DATE AS month,
    t.role,
    t.actor_id,
    t.name,
    count(*)::INTEGER AS events,
    count(*) FILTER (e.killed_best > 0)::INTEGER AS lethal_events,
    sum(e.killed_best)::INTEGER AS killed_best
FROM told t
JOIN events e ON e.rowid = t.event
GROUP BY ALL
ORDER BY month NULLS LAST, events DESC, t.role, t.name, t.actor_id
