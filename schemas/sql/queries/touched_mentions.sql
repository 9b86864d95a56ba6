-- The mentions that are not as resolution last read them: new, changed, or gone. Follows `stands` (read_hashes).
SELECT coalesce(s.mention_id, r.mention_id) AS mention_id, coalesce(s.article_id, r.article_id) AS article_id, s.read_hash
FROM stands s FULL JOIN (SELECT mention_id, article_id, read_hash FROM resolved_mentions) r ON r.mention_id = s.mention_id
WHERE s.mention_id IS NULL OR r.mention_id IS NULL OR r.read_hash <> s.read_hash
