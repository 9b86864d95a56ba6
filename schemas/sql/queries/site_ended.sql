-- Ids of events that ended, with where each leads: to another event, or nowhere.
SELECT old_event_id, event_id, why, run_id, ended_at FROM event_aliases ORDER BY old_event_id;
