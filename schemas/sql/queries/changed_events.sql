-- Events that a reprocess added, ended or changed; of one that ended, where its id leads now.
SELECT NULL::VARCHAR AS source_id, NULL::VARCHAR AS url, coalesce(n.event_id, w.event_id) AS subject_id,
    CASE WHEN w.event_id IS NOT NULL THEN to_json(w)::VARCHAR END AS old,
    CASE WHEN n.event_id IS NOT NULL THEN to_json(n)::VARCHAR END AS new,
    a.event_id AS led_to
FROM before.events w FULL JOIN events n ON n.event_id = w.event_id
LEFT JOIN event_aliases a ON a.old_event_id = w.event_id AND n.event_id IS NULL
WHERE w.event_id IS NULL OR n.event_id IS NULL OR n.changed_run_id = $run_id
ORDER BY subject_id;
