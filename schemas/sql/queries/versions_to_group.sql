-- The standing versions whose story is not known, or was found by another way or day; and those that stand no more.
-- Rows meet by hashes of ids (see read_hashes), and only those that differ are read whole.
WITH standing AS MATERIALIZED (
    SELECT v.rowid AS stored_row, hash($scheme, coalesce(v.published_day, v.first_seen_at::DATE)) AS read_hash,
        hash(v.version_id) AS version_key
    FROM articles a JOIN article_versions v ON hash(v.version_id) = hash(a.current_version_id)
),
apart AS MATERIALIZED (
    SELECT n.stored_row AS standing_row, n.read_hash, s.stored_row AS story_row
    FROM (SELECT stored_row, read_hash, hash(version_key, read_hash) AS read_as FROM standing) n
    FULL JOIN (SELECT rowid AS stored_row, hash(hash(version_id), read_hash) AS read_as FROM stories) s
        ON s.read_as = n.read_as
    WHERE n.read_as IS NULL OR s.read_as IS NULL
),
now AS (
    SELECT v.version_id, coalesce(v.published_day, v.first_seen_at::DATE) AS day, p.read_hash
    FROM apart p JOIN article_versions v ON v.rowid = p.standing_row
),
known AS (SELECT s.version_id, s.story_id FROM apart p JOIN stories s ON s.rowid = p.story_row)
SELECT coalesce(n.version_id, s.version_id) AS version_id, n.day, n.read_hash, s.story_id
FROM now n FULL JOIN known s ON s.version_id = n.version_id
ORDER BY day NULLS FIRST, version_id
