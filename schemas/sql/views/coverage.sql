-- title: What stands behind the counts of each run: sources asked, with nothing new, and down
-- grain: one row per run, the latest first
-- columns:
--   run_id: The run.
--   origin: What started it.
--   window_start: First day whose articles it was about.
--   window_end: Last of these days.
--   started_at: When it began (UTC).
--   state: running, done or abandoned.
--   sources: Sources it was to ask.
--   reached: Sources of which at least one address could be read.
--   down: Sources that were asked, and of which nothing could be read.
--   paused: Sources left alone after long failure.
--   no_news: Sources that were read and had nothing new: what source_health and the site call so, too.
--   discovered: Links they gave.
--   new: Links no run had met before.
--   down_sources: Ids of those that were down.
SELECT
    r.run_id,
    r.origin,
    r.window_start,
    r.window_end,
    r.started_at,
    r.state,
    count(s.source_id)::INTEGER AS sources,
    count(*) FILTER (s.reached)::INTEGER AS reached,
    count(*) FILTER (NOT s.reached AND NOT coalesce(s.paused, false))::INTEGER AS down,
    count(*) FILTER (coalesce(s.paused, false))::INTEGER AS paused,
    count(*) FILTER (s.reached AND s.new = 0)::INTEGER AS no_news,
    coalesce(sum(s.discovered), 0)::INTEGER AS discovered,
    coalesce(sum(s.new), 0)::INTEGER AS new,
    coalesce(list_sort(list(s.source_id) FILTER (NOT s.reached AND NOT coalesce(s.paused, false))), []) AS down_sources
FROM runs r
LEFT JOIN run_sources s ON s.run_id = r.run_id
GROUP BY ALL
ORDER BY r.started_at DESC, r.run_id
