-- What publication after a run is judged by: each measure with its value and the number of rows it was taken on.
WITH read_versions AS (
    SELECT DISTINCT version_id FROM fetches WHERE run_id = $run_id AND stage = 'load' AND version_id IS NOT NULL
),
told AS (
    SELECT m.*, EXISTS (SELECT 1 FROM mention_actors a WHERE a.mention_id = m.mention_id) AS has_actor
    FROM mentions m SEMI JOIN read_versions r ON r.version_id = m.version_id
),
counted AS (
    SELECT
        (SELECT count(*) FROM fetches WHERE run_id = $run_id AND outcome = 'stored') AS stored,
        (SELECT count(*) FROM read_versions) AS versions,
        count(*) AS mentions, count(date_start) AS dated, count(latitude) AS placed,
        count(*) FILTER (has_actor) AS with_actor,
        count(coalesce(killed_best, injured_best)) AS with_toll
    FROM told
),
whole AS (
    SELECT (SELECT count(*) FROM articles) AS articles, count(*) AS events, count(date_start) AS dated,
        count(latitude) AS placed, count(coalesce(killed_best, injured_best)) AS with_toll
    FROM events
)
SELECT unnest([
    {'measure': 'articles_stored', 'value': c.stored::DOUBLE, 'size': c.stored},
    {'measure': 'mentions_per_article', 'value': c.mentions / nullif(c.versions, 0), 'size': c.versions},
    {'measure': 'mentions_dated', 'value': c.dated / nullif(c.mentions, 0), 'size': c.mentions},
    {'measure': 'mentions_placed', 'value': c.placed / nullif(c.mentions, 0), 'size': c.mentions},
    {'measure': 'mentions_with_actor', 'value': c.with_actor / nullif(c.mentions, 0), 'size': c.mentions},
    {'measure': 'mentions_with_toll', 'value': c.with_toll / nullif(c.mentions, 0), 'size': c.mentions},
    {'measure': 'articles', 'value': w.articles::DOUBLE, 'size': w.articles},
    {'measure': 'events', 'value': w.events::DOUBLE, 'size': w.events},
    {'measure': 'events_dated', 'value': w.dated / nullif(w.events, 0), 'size': w.events},
    {'measure': 'events_placed', 'value': w.placed / nullif(w.events, 0), 'size': w.events},
    {'measure': 'events_with_toll', 'value': w.with_toll / nullif(w.events, 0), 'size': w.events}
], recursive := true)
FROM counted c, whole w;
