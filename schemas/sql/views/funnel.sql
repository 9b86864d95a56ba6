-- title: How the links of each run ended
-- grain: one row per run, stage, outcome and reason; the links of a run add up to what it discovered
-- kept: made when the snapshot is published
-- columns:
--   run_id: The run.
--   origin: What started it.
--   started_at: When it began (UTC).
--   stage: The stage that settled these links.
--   outcome: stored, unchanged, duplicate, rejected, deferred, quarantined or tombstone.
--   reason: Why they were not stored; NULL for stored.
--   links: How many.
--   share: Of the links the run discovered.
SELECT
    r.run_id,
    r.origin,
    r.started_at,
    f.stage,
    f.outcome,
    f.reason,
    count(*)::INTEGER AS links,
    round(count(*) / sum(count(*)) OVER (PARTITION BY r.run_id), 4) AS share
FROM fetches f
JOIN runs r ON r.run_id = f.run_id
GROUP BY r.run_id, r.origin, r.started_at, f.stage, f.outcome, f.reason
ORDER BY r.started_at DESC, links DESC, f.outcome, f.reason, f.stage
