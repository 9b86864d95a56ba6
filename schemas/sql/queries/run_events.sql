-- The events a run made or changed, as a person reads them, each with the reports it rests on.
WITH reports AS (
    SELECT
        event_id,
        list({'name': source_name, 'url': url, 'relation': relation} ORDER BY relation, source_name, url) AS links
    FROM event_sources
    GROUP BY event_id
)
SELECT v.*, e.created_run_id = $run_id AS new, coalesce(r.links, []) AS links
FROM events_overview v
JOIN events e ON e.event_id = v.event_id
LEFT JOIN reports r ON r.event_id = v.event_id
WHERE e.created_run_id = $run_id OR e.changed_run_id = $run_id
ORDER BY new DESC, v.date_start DESC NULLS LAST, v.event_id;
