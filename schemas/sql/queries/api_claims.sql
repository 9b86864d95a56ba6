-- Who says what of an event.
SELECT mention_id, relation, source_name, published_day, speaker, stance, about, quote, url
FROM event_claims
WHERE event_id = $event_id AND speaker IS NOT NULL
ORDER BY relation, published_day NULLS LAST, mention_id, quote
LIMIT $most;
