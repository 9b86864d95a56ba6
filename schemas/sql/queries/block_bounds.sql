-- Between which days some mentions lie: those they are looked for under, and those of publication.
SELECT min(first_day), max(last_day), min(published_day), max(published_day)
FROM resolved_mentions
WHERE mention_id IN (SELECT unnest($mention_ids::VARCHAR[]));
