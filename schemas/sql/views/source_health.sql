-- title: How each source fares
-- grain: one row per source
-- columns:
--   source_id: The source.
--   name: Name of the outlet.
--   enabled: Whether it is part of a run that names no sources.
--   runs: Runs that asked it.
--   runs_reached: Runs in which at least one of its addresses could be read.
--   last_asked_at: Start of the last run that asked it (UTC).
--   last_reached_at: Start of the last run that reached it (UTC); NULL if none did.
--   last_discovered: Links it gave in the last run that asked it.
--   last_detail: What the last run saw of its addresses.
--   stored: Article versions stored from it.
--   rejected_share: Share of its links of all runs that were rejected or quarantined.
--   last_article_at: When something new was last stored from it (UTC).
WITH fared AS (
    SELECT
        s.source_id,
        count(*)::INTEGER AS runs,
        count(*) FILTER (s.reached)::INTEGER AS runs_reached,
        max(r.started_at) AS last_asked_at,
        max(r.started_at) FILTER (s.reached) AS last_reached_at,
        arg_max(s.discovered, r.started_at) AS last_discovered,
        arg_max(s.detail, r.started_at) AS last_detail
    FROM run_sources s
    JOIN runs r ON r.run_id = s.run_id
    GROUP BY s.source_id
),
ended AS (
    SELECT
        source_id,
        count(*) FILTER (outcome = 'stored')::INTEGER AS stored,
        round(count(*) FILTER (outcome IN ('rejected', 'quarantined')) / count(*), 4) AS rejected_share,
        max(requested_at) FILTER (outcome = 'stored') AS last_article_at
    FROM fetches
    GROUP BY source_id
)
SELECT
    s.source_id,
    s.name,
    s.enabled,
    coalesce(f.runs, 0) AS runs,
    coalesce(f.runs_reached, 0) AS runs_reached,
    f.last_asked_at,
    f.last_reached_at,
    f.last_discovered,
    f.last_detail,
    coalesce(e.stored, 0) AS stored,
    e.rejected_share,
    e.last_article_at
FROM sources s
LEFT JOIN fared f ON f.source_id = s.source_id
LEFT JOIN ended e ON e.source_id = s.source_id
ORDER BY s.source_id
