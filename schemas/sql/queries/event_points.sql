-- The events that have coordinates, as a map shows them.
SELECT o.*, e.latitude, e.longitude, e.place_precision, e.date_precision, e.family_count AS reports
FROM events_overview o
JOIN events e ON e.event_id = o.event_id
WHERE e.latitude IS NOT NULL
ORDER BY o.event_id;
