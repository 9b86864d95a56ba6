-- Some mentions as resolution last read them: of those published in $since to $until, or of all where these are NULL.
SELECT * EXCLUDE (read_hash, first_day, last_day, own_event_id) FROM resolved_mentions
WHERE mention_id IN (SELECT unnest($mention_ids::VARCHAR[]))
    AND ($since::DATE IS NULL OR published_day BETWEEN $since::DATE AND $until::DATE)
ORDER BY mention_id;
