-- Which known actors take which part in which event, and what parts of the killed are told: what the pages of actors and
-- places are made of, beside site_events.
SELECT a.event_id, a.actor_id, a.name, a.role, a.kind
FROM event_actors a
WHERE a.actor_id IS NOT NULL AND a.role IN ('initiator', 'target')
ORDER BY a.actor_id, a.event_id, a.role;
