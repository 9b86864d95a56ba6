-- End the states of events that moved; of one that is gone, with why and where its id leads.
UPDATE event_history SET
    valid_to_run = $run_id, valid_to = $started_at, ended_by = m.ended_by, led_to = m.led_to
FROM (
    SELECT
        n.event_id, CASE WHEN NOT n.stands THEN a.event_id END AS led_to,
        CASE
            WHEN n.stands THEN 'changed'
            WHEN a.event_id IS NOT NULL THEN a.why
            WHEN a.why IS NOT NULL AND a.why <> 'withdrawn' THEN a.why
            WHEN $origin = 'forget' THEN 'erased'
            WHEN $origin = 'reprocess' THEN 'recoded'
            WHEN $origin = 'review' THEN 'decided'
            WHEN EXISTS (
                SELECT 1 FROM mentions t JOIN articles r ON r.article_id = t.article_id
                WHERE t.mention_id = n.anchor AND r.current_version_id <> t.version_id AND r.changed_run_id = $run_id)
                THEN 'corrected'
            ELSE 'withdrawn'
        END AS ended_by
    FROM firstdraft_moved n
    LEFT JOIN event_aliases a ON a.old_event_id = n.event_id AND NOT n.stands
    WHERE n.was
) m
WHERE event_history.event_id = m.event_id AND event_history.valid_to IS NULL;
