-- Pairs of versions that are copies, one of them among these: published within some days of each other, sharing a band
-- of their fingerprints, and alike enough as a whole.
-- Fingerprints are wide: which rows they are in is found first, so that no others are read.
WITH asked_rows AS MATERIALIZED (
    SELECT rowid AS stored_row FROM article_versions WHERE version_id IN (SELECT unnest($version_ids::VARCHAR[]))
),
asked AS MATERIALIZED (
    SELECT v.version_id, v.fingerprint, coalesce(v.published_day, v.first_seen_at::DATE) AS day
    FROM asked_rows r JOIN article_versions v ON v.rowid = r.stored_row
),
bounds AS (SELECT min(day) - $days AS since, max(day) + $days AS until FROM asked),
dated AS MATERIALIZED (
    SELECT v.rowid AS stored_row, v.version_id, coalesce(v.published_day, v.first_seen_at::DATE) AS day
    FROM article_versions v, bounds
    WHERE coalesce(v.published_day, v.first_seen_at::DATE) BETWEEN since AND until
),
grouped AS MATERIALIZED (SELECT version_id FROM stories WHERE version_id IN (SELECT version_id FROM dated)),
near AS MATERIALIZED (
    SELECT d.version_id, v.fingerprint, d.day
    FROM dated d JOIN grouped g ON g.version_id = d.version_id JOIN article_versions v ON v.rowid = d.stored_row
),
asked_bands AS (
    SELECT version_id, day, b, hash(b, fingerprint[$band * b + 1 : $band * (b + 1)]) AS band
    FROM (SELECT *, unnest(range(0, len(fingerprint) // $band)) AS b FROM asked)
),
near_bands AS (
    SELECT version_id, day, b, hash(b, fingerprint[$band * b + 1 : $band * (b + 1)]) AS band
    FROM (SELECT *, unnest(range(0, len(fingerprint) // $band)) AS b FROM near)
),
met AS (
    SELECT DISTINCT a.version_id AS one, n.version_id AS other
    FROM asked_bands a JOIN near_bands n ON n.band = a.band AND n.version_id <> a.version_id AND abs(n.day - a.day) <= $days
)
SELECT m.one, m.other
FROM met m JOIN asked a ON a.version_id = m.one JOIN near n ON n.version_id = m.other
WHERE len(a.fingerprint) = len(n.fingerprint)
    AND len(list_filter(list_zip(a.fingerprint, n.fingerprint), lambda pair: pair[1] = pair[2]))
        >= $alike * len(a.fingerprint)
ORDER BY ALL;
