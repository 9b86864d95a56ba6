-- One event with its actors and victims.
SELECT o.*, e.latitude, e.longitude, e.place_precision, e.date_precision, e.changed_at,
    coalesce((SELECT list({name: a.name, actor_id: a.actor_id, role: a.role, kind: a.kind, country: a.country}
        ORDER BY a.role, a.rank) FROM event_actors a WHERE a.event_id = o.event_id), []) AS actors,
    coalesce((SELECT list({toll: v.toll, side: v.side, kind: v.kind, subgroup: v.subgroup, low: v.low, best: v.best,
        high: v.high, open: v.open, adds_up: v.adds_up, words: v.words} ORDER BY v.toll, v.kind, v.subgroup NULLS FIRST, v.side)
        FROM event_victims v WHERE v.event_id = o.event_id), []) AS victims
FROM events_overview o JOIN events e ON e.event_id = o.event_id
WHERE o.event_id = $event_id;
