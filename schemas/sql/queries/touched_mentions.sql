-- The mentions that are not as resolution last read them: new, changed, or gone. Follows `stands` (read_hashes).
, apart AS MATERIALIZED (
    SELECT s.stored_row AS standing_row, s.read_hash, r.stored_row AS read_row
    FROM (SELECT stored_row, read_hash, hash(mention_id, read_hash) AS read_as FROM stands) s
    FULL JOIN (SELECT rowid AS stored_row, hash(mention_id, read_hash) AS read_as FROM resolved_mentions) r
        ON r.read_as = s.read_as
    WHERE s.read_as IS NULL OR r.read_as IS NULL
),
standing AS (
    SELECT m.mention_id, m.article_id, p.read_hash FROM apart p JOIN mentions m ON m.rowid = p.standing_row
),
known AS (SELECT m.mention_id, m.article_id FROM apart p JOIN resolved_mentions m ON m.rowid = p.read_row)
SELECT coalesce(s.mention_id, k.mention_id) AS mention_id, coalesce(s.article_id, k.article_id) AS article_id, s.read_hash
FROM standing s FULL JOIN known k ON k.mention_id = s.mention_id
