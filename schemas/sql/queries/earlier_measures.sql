-- What earlier runs left, the last first: finished, and published or accepted since.
SELECT m.measure, m.value, m.size, r.origin, r.started_at
FROM run_measures m
JOIN runs r ON r.run_id = m.run_id AND r.state = 'done'
LEFT JOIN publications p ON p.run_id = m.run_id
WHERE m.value IS NOT NULL AND coalesce(p.state, 'published') <> 'held'
    AND r.started_at < (SELECT started_at FROM runs WHERE run_id = $run_id)
    AND r.started_at > (SELECT started_at FROM runs WHERE run_id = $run_id) - to_days($days)
ORDER BY r.started_at DESC, r.run_id;
