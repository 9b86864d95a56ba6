-- title: Links that brought no article, and why
-- grain: one row per run and link that was rejected, deferred, quarantined or is gone
-- columns:
--   run_id: The run.
--   source_id: The source that offered the link.
--   url: The address as found.
--   stage: The stage that settled it.
--   outcome: rejected, deferred, quarantined or tombstone.
--   reason: Why, as a reason word.
--   detail: What was seen, for people.
--   status: HTTP status; NULL where no answer came or nothing was asked.
--   requested_at: When it was asked for, or settled without asking (UTC).
--   capture_id: The bytes kept before it was rejected; NULL where there are none.
SELECT run_id, source_id, url, stage, outcome, reason, detail, status, requested_at, capture_id
FROM fetches
WHERE outcome IN ('rejected', 'deferred', 'quarantined', 'tombstone')
ORDER BY requested_at DESC, source_id, url
