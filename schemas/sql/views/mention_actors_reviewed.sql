-- title: The actors of mentions as people left them
-- grain: one row per actor of a mention
-- columns:
--   mention_id: The mention.
--   number: Order of the actor in the mention; from 1000 on where a person named it.
--   role: initiator, target, supporter or object.
--   name: As named in the text, or by the reviewer.
--   actor_id: The actor in seeds/actors.csv; NULL where it is not known there.
--   canonical_name: Its name there.
--   kind: What kind of actor, a word of seeds/actor_kinds.csv.
--   country: Its country, ISO 3166 alpha-2.
-- A side that a person settled has the actors the person named, and none of those read.
WITH sides AS (
    SELECT mention_id, role, actors -> role AS named, reviewed_at, field
    FROM (SELECT *, unnest(json_keys(actors)) AS role FROM review_matches)
    WHERE actors IS NOT NULL AND verdict <> 'reject'
    QUALIFY row_number() OVER (PARTITION BY mention_id, role ORDER BY field = '', reviewed_at DESC) = 1
),
named AS (
    SELECT mention_id, role, unnest(from_json(named,
        '[{"name": "VARCHAR", "actor_id": "VARCHAR", "canonical_name": "VARCHAR", "kind": "VARCHAR", "country": "VARCHAR"}]'
    )) AS actor
    FROM sides
)
SELECT a.mention_id, a.number, a.role, a.name, a.actor_id, a.canonical_name, a.kind, a.country
FROM mention_actors a
ANTI JOIN sides s ON s.mention_id = a.mention_id AND s.role = a.role
UNION ALL
SELECT n.mention_id,
    (999 + row_number() OVER (PARTITION BY n.mention_id ORDER BY n.role, actor.name))::SMALLINT AS number,
    n.role, actor.name, actor.actor_id, actor.canonical_name, actor.kind, actor.country
FROM named n
