-- The events that begin a state, with why.
SELECT
    n.event_id, n.fields,
    CASE
        WHEN NOT n.was THEN 'added'
        WHEN EXISTS (
            SELECT 1 FROM event_aliases a WHERE a.event_id = n.event_id AND a.run_id = $run_id AND a.why = 'merged')
            THEN 'merged'
        WHEN $origin = 'forget' THEN 'erased'
        WHEN $origin = 'reprocess' THEN 'recoded'
        WHEN $origin = 'review' THEN 'decided'
        WHEN EXISTS (
            SELECT 1
            FROM event_links l
            JOIN mentions t ON t.mention_id = l.mention_id
            JOIN articles r ON r.article_id = t.article_id AND r.changed_run_id = $run_id
            JOIN article_versions v ON v.article_id = r.article_id AND v.version_id <> r.current_version_id
            WHERE l.event_id = n.event_id)
            THEN 'corrected'
        WHEN n.more THEN 'reported'
        ELSE 'recomputed'
    END AS came_by
FROM firstdraft_moved n
WHERE n.stands
