-- The mentions that reported or repeated some events.
SELECT event_id, mention_id FROM event_links
WHERE event_id IN (SELECT unnest($event_ids::VARCHAR[])) AND relation <> 'denies'
ORDER BY ALL;
