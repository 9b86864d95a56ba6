-- The mentions that would be the reports of events people retracted, with the other words that told of them.
SELECT m.mention_id, m.version_id, m.trigger_start, m.trigger_end, coalesce(any_value(t.tellings), []) AS tellings
FROM (SELECT unnest(left_ids) AS own_event_id FROM event_overrides WHERE decision = 'retract' AND NOT undone) o
JOIN resolved_mentions n ON n.own_event_id = o.own_event_id AND n.status = 'happened'
JOIN mentions m ON m.mention_id = n.mention_id
LEFT JOIN (
    SELECT mention_id, list([span_start, span_end] ORDER BY number) AS tellings
    FROM mention_evidence WHERE field = 'telling' GROUP BY ALL
) t ON t.mention_id = m.mention_id
GROUP BY ALL
ORDER BY m.version_id, m.trigger_start, m.mention_id;
