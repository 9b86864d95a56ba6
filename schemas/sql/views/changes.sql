-- title: What each run changed in the events
-- grain: one row per run and event that it added, changed or removed; what changed since a run: the rows of later runs
-- columns:
--   run_id: The run.
--   run_started_at: When it began (UTC): runs follow one another, so this orders them.
--   event_id: The event.
--   change: added, changed or removed.
--   why: added, reported (more reports), corrected (an article was), merged, recoded (a reprocess), erased (a report was), retracted or decided (by a person), recomputed or withdrawn (no report tells of it now).
--   led_to: Where the id of a removed event led; NULL where it was not merged.
--   fields: The columns that changed, separated by commas; empty for what was added or removed.
SELECT
    valid_from_run AS run_id,
    valid_from AS run_started_at,
    event_id,
    CASE WHEN came_by = 'added' THEN 'added' ELSE 'changed' END AS change,
    came_by AS why,
    NULL::VARCHAR AS led_to,
    array_to_string(fields, ',') AS fields
FROM event_history
UNION ALL
SELECT valid_to_run, valid_to, event_id, 'removed', ended_by, led_to, ''
FROM event_history
WHERE valid_to IS NOT NULL AND ended_by <> 'changed'
ORDER BY run_started_at, run_id, event_id
