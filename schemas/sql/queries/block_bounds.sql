-- Between which days some mentions lie: those they are looked for under, and those of publication; and how many were found,
-- of those published in $since to $until, or of all where these are NULL.
SELECT count(*), min(first_day), max(last_day), min(published_day), max(published_day)
FROM resolved_mentions
WHERE mention_id IN (SELECT unnest($mention_ids::VARCHAR[]))
    AND ($since::DATE IS NULL OR published_day BETWEEN $since::DATE AND $until::DATE);
