-- Some mentions as resolution last read them.
SELECT * EXCLUDE (read_hash, first_day, last_day, own_event_id, cluster_id) FROM resolved_mentions
WHERE mention_id IN (SELECT unnest($mention_ids::VARCHAR[]))
ORDER BY mention_id;
