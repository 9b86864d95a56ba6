-- Runs by origin, and how the last one of each ended: what a monitor watches.
WITH down AS (
    SELECT run_id, count(*) AS sources, count(*) FILTER (NOT reached) AS sources_down
    FROM run_sources
    GROUP BY run_id
),
changed AS (
    SELECT run_id, sum(inserted + updated + deleted) AS changed_rows
    FROM run_changes
    GROUP BY run_id
)
SELECT
    r.origin,
    count(*) FILTER (r.state = 'done') AS done,
    count(*) FILTER (r.state = 'abandoned') AS abandoned,
    count(*) FILTER (r.state = 'running') AS running,
    epoch(max(r.started_at)) AS last_start,
    epoch(max(r.finished_at)) AS last_success,
    arg_max(epoch(r.finished_at) - epoch(r.started_at), r.finished_at) AS seconds,
    arg_max(r.discovered, r.finished_at) AS links,
    arg_max(r.articles, r.finished_at) AS articles,
    arg_max(r.mentions, r.finished_at) AS mentions,
    arg_max(coalesce(d.sources, 0), r.finished_at) AS sources,
    arg_max(coalesce(d.sources_down, 0), r.finished_at) AS sources_down,
    arg_max(coalesce(c.changed_rows, 0), r.finished_at) AS changed_rows
FROM runs r
LEFT JOIN down d ON d.run_id = r.run_id
LEFT JOIN changed c ON c.run_id = r.run_id
GROUP BY r.origin
ORDER BY r.origin;
