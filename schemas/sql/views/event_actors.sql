-- title: Actors of events
-- grain: one row per event, role and actor, over all mentions that report it
-- kept: by event, event_id
-- columns:
--   event_id: The event.
--   role: initiator, target, supporter, or object: a thing that was hit.
--   rank: 1 for the actor that leads its role: named by the first report, then by most mentions.
--   name: The actor's name in seeds/actors.csv, else as named.
--   actor_id: The actor in seeds/actors.csv; NULL where it is not known there.
--   kind: What kind of actor, a word of seeds/actor_kinds.csv.
--   country: Its country, ISO 3166 alpha-2.
--   mentions: How many mentions give it this role.
WITH told AS (
    SELECT
        l.event_id, a.role, coalesce(a.actor_id, lower(trim(a.name))) AS who, a.number, l.mention_id,
        coalesce(a.canonical_name, a.name) AS name, a.actor_id, a.kind, a.country,
        l.mention_id = e.anchor_mention_id AS first_report
    FROM event_links l
    JOIN events e ON e.event_id = l.event_id
    JOIN mention_actors_reviewed a ON a.mention_id = l.mention_id
    WHERE l.relation <> 'denies'
),
counted AS (
    SELECT
        event_id, role, who, max(first_report) AS first_report, count(DISTINCT mention_id) AS mentions,
        min(number) AS number, any_value(actor_id) AS actor_id,
        -- Of several spellings the first report's, then the smallest, so that the result depends on nothing else.
        arg_min(name, (NOT first_report, name)) AS name,
        arg_min(kind, (NOT first_report, kind)) AS kind,
        arg_min(country, (NOT first_report, country)) AS country
    FROM told
    GROUP BY event_id, role, who
)
SELECT
    event_id,
    role,
    row_number() OVER (
        PARTITION BY event_id, role ORDER BY first_report DESC, mentions DESC, number, who)::INTEGER AS rank,
    name,
    actor_id,
    kind,
    country,
    mentions::INTEGER AS mentions
FROM counted
