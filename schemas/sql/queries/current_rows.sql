-- Where the articles stand of which some versions are current; only articles seen since an instant.
SELECT current_version_id AS version_id, rowid AS stored_row FROM articles
WHERE last_seen_at >= $since AND current_version_id IN (SELECT unnest($version_ids::VARCHAR[]));
