-- All reports and denials of the articles touched, as they stand now, and those that stand no more: mentions of one article
-- are told apart by their number, which changes with the others. Follows `standing` (stored_mentions).
SELECT s.*, coalesce(t.read_hash, r.read_hash) AS read_hash, coalesce(s.mention_id, r.mention_id) AS changed_id,
    coalesce(s.date_start, s.published_day) AS about_day
FROM (FROM standing WHERE (status = 'happened' AND NOT aggregate AND confidence >= coalesce(getvariable('count_from'), 0)) OR status = 'denied') s
FULL JOIN (
    SELECT mention_id, read_hash FROM resolved_mentions WHERE article_id IN (SELECT article_id FROM firstdraft_touched)
) r ON r.mention_id = s.mention_id
LEFT JOIN firstdraft_touched t ON t.mention_id = s.mention_id
