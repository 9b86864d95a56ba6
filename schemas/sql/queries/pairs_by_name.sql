-- Pairs of mentions that share a name in full, published within a quarter of a year of each other, in one kind; and in one
-- country or with one street (a detail whose two lowest bits are 1).
-- All publications asked for lie in $since to $until (block_bounds).
WITH asked AS MATERIALIZED (
    SELECT mention_id, article_id, type_group, country, date_start, date_end, published_day, details, unnest(names) AS name
    FROM resolved_mentions
    WHERE mention_id IN (SELECT unnest($mention_ids::VARCHAR[])) AND published_day BETWEEN $since AND $until
),
named AS (
    SELECT mention_id, article_id, type_group, country, date_start, date_end, published_day, details, unnest(names) AS name
    FROM resolved_mentions
    WHERE status = $status AND published_day BETWEEN $since::DATE - $days AND $until::DATE + $days
)
SELECT DISTINCT a.mention_id, b.mention_id
FROM asked a
JOIN named b
    ON b.name = a.name AND b.type_group = a.type_group AND b.article_id <> a.article_id
    AND abs(a.published_day - b.published_day) <= $days
    AND (a.country = b.country OR a.country IS NULL OR b.country IS NULL OR a.country = '' OR b.country = ''
        OR list_has_any(list_filter(a.details, lambda d: d & 3 = 1), b.details))
    AND (a.date_start IS NULL OR b.date_start IS NULL
        OR (a.date_start - coalesce(b.date_end, b.date_start) <= $told AND b.date_start - coalesce(a.date_end, a.date_start) <= $told));
