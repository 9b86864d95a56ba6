-- Where an id that ended went.
SELECT event_id, why, reason, run_id, ended_at FROM event_aliases WHERE old_event_id = $event_id;
