-- The events that do not stand as they stood at the end of a run: added, changed or removed since.
WITH asked AS (
    -- Without a run: since before all of them.
    SELECT coalesce(max(started_at), '-infinity'::TIMESTAMPTZ) AS started_at FROM runs WHERE run_id = $run_id
),
past AS (
    SELECT h.event_id, h.valid_from_run
    FROM event_history h, asked
    WHERE h.valid_from <= asked.started_at AND (h.valid_to IS NULL OR h.valid_to > asked.started_at)
),
standing AS (SELECT event_id, valid_from_run FROM event_history WHERE valid_to IS NULL),
steps AS (
    SELECT h.event_id, h.valid_from AS step_at, h.valid_from_run AS run_id, h.came_by AS why, h.fields, NULL AS led_to
    FROM event_history h, asked WHERE h.valid_from > asked.started_at
    UNION ALL
    SELECT h.event_id, h.valid_to AS step_at, h.valid_to_run AS run_id, h.ended_by, [], h.led_to
    FROM event_history h, asked WHERE h.valid_to > asked.started_at AND h.ended_by <> 'changed'
),
told AS (
    SELECT
        event_id, list_sort(list_distinct(list(why))) AS why, list_sort(list_distinct(flatten(list(fields)))) AS fields,
        max_by(run_id, step_at) AS run_id, max(step_at) AS run_started_at, max_by(why, step_at) AS last_why, arg_max_null(led_to, step_at) AS led_to
    FROM steps
    GROUP BY event_id
)
SELECT
    event_id,
    CASE WHEN p.event_id IS NULL THEN 'added' WHEN s.event_id IS NULL THEN 'removed' ELSE 'changed' END AS change,
    CASE WHEN p.event_id IS NULL THEN ['added'] WHEN s.event_id IS NULL THEN [t.last_why] ELSE t.why END AS why,
    CASE WHEN s.event_id IS NULL THEN t.led_to END AS led_to,
    CASE WHEN p.event_id IS NULL OR s.event_id IS NULL THEN [] ELSE t.fields END AS fields,
    t.run_id, t.run_started_at
FROM past p FULL JOIN standing s USING (event_id) JOIN told t USING (event_id)
WHERE p.valid_from_run IS DISTINCT FROM s.valid_from_run
ORDER BY event_id;
