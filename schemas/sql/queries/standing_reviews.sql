-- Every verdict, newest first, with the number of mentions it holds for today.
SELECT r.*, coalesce(x.mentions, 0)::INTEGER AS mentions
FROM reviews r
LEFT JOIN (
    SELECT reviewed_mention_id, field, count(*) AS mentions FROM review_matches GROUP BY ALL
) x ON x.reviewed_mention_id = r.mention_id AND x.field = r.field
ORDER BY r.reviewed_at DESC, r.mention_id, r.field;
