-- title: What the headline of an event is made of
-- grain: one row per event
-- kept: by event, event_id
-- columns:
--   event_id: The event.
--   initiator: Who leads those that acted.
--   target: Who leads those it was done to.
--   target_kind: What kind of actor that is, a word of seeds/actor_kinds.csv.
--   object: What was hit and is nobody: a market, a convoy.
--   weapon: Weapon or means, of the first report that names one.
--   deniers: Who denies it or their part, as named, separated by semicolons.
--   title: The first report's own headline.
--   source_name: Its outlet.
--   url: Its address.
WITH lead AS (
    SELECT
        event_id,
        max(name) FILTER (role = 'initiator' AND rank = 1) AS initiator,
        max(name) FILTER (role = 'target' AND rank = 1) AS target,
        max(kind) FILTER (role = 'target' AND rank = 1) AS target_kind,
        max(name) FILTER (role = 'object' AND rank = 1) AS object
    FROM event_actors
    GROUP BY event_id
),
armed AS (
    SELECT l.event_id, arg_min(m.weapon, (l.mention_id <> e.anchor_mention_id, l.mention_id)) AS weapon
    FROM event_links l
    JOIN mentions m ON m.mention_id = l.mention_id
    JOIN events e ON e.event_id = l.event_id
    WHERE l.relation = 'reports' AND m.weapon IS NOT NULL
    GROUP BY l.event_id
),
denied AS (
    SELECT l.event_id, string_agg(DISTINCT c.speaker, '; ' ORDER BY c.speaker) AS deniers
    FROM event_links l
    JOIN mention_claims c ON c.mention_id = l.mention_id
    WHERE c.stance = 'denies' AND c.about NOT IN ('toll', 'cause')
    GROUP BY l.event_id
)
SELECT
    e.event_id, x.initiator, x.target, x.target_kind, x.object, w.weapon, d.deniers,
    t.title, coalesce(s.name, a.source_id) AS source_name, a.canonical_url AS url
FROM events e
JOIN mentions m ON m.mention_id = e.anchor_mention_id
JOIN articles a ON a.article_id = m.article_id
JOIN article_versions v ON v.version_id = m.version_id
JOIN contents t ON t.content_sha256 = v.content_sha256
LEFT JOIN sources s ON s.source_id = a.source_id
LEFT JOIN lead x ON x.event_id = e.event_id
LEFT JOIN armed w ON w.event_id = e.event_id
LEFT JOIN denied d ON d.event_id = e.event_id
