-- Every verdict with what it was given on: the other words that told of the mention, and the event it reports today.
SELECT r.mention_id, r.field, r.verdict, r.changes, r.actors, r.version_id, r.trigger_start, r.trigger_end, l.event_id,
    coalesce(t.tellings, []) AS tellings
FROM reviews r
LEFT JOIN (
    SELECT mention_id, min(event_id) AS event_id FROM event_links WHERE relation <> 'denies' GROUP BY ALL
) l ON l.mention_id = r.mention_id
LEFT JOIN (
    SELECT mention_id, list([span_start, span_end] ORDER BY number) AS tellings
    FROM mention_evidence WHERE field = 'telling' GROUP BY ALL
) t ON t.mention_id = r.mention_id
ORDER BY r.version_id, r.trigger_start, r.mention_id, r.field = '' DESC, r.reviewed_at, r.field;
