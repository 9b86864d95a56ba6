-- Pairs of mentions whose days touch, in one kind and country and not too far apart: a little more than
-- tasks/resolution/pairs.py looks at, which has the last word. $reach_km: kilometres by where_prec, from 1 on. All days asked
-- for lie in $since to $until (block_bounds): as plain values they let whole stretches of the table be passed over.
WITH asked AS MATERIALIZED (
    SELECT mention_id, article_id, type_group, country, latitude, longitude, place_precision, lower(place_name) AS place_name, first_day, last_day
    FROM resolved_mentions
    WHERE mention_id IN (SELECT unnest($mention_ids::VARCHAR[])) AND first_day BETWEEN $since AND $until
),
asked_days AS (SELECT *, first_day - 1 + unnest(range(0, last_day - first_day + 3))::INTEGER AS day FROM asked),
near_days AS (
    SELECT mention_id, article_id, type_group, country, latitude, longitude, place_precision, lower(place_name) AS place_name,
        first_day + unnest(range(0, last_day - first_day + 1))::INTEGER AS day
    FROM resolved_mentions
    WHERE status = $status AND last_day >= $since::DATE - 1 AND first_day <= $until::DATE + 1
)
SELECT DISTINCT a.mention_id, b.mention_id
FROM asked_days a
JOIN near_days b
    ON b.day = a.day AND b.type_group = a.type_group AND b.article_id <> a.article_id
    AND (a.country = b.country OR a.country IS NULL OR b.country IS NULL OR a.country = '' OR b.country = '')
    AND (
        a.latitude IS NULL OR b.latitude IS NULL OR a.longitude IS NULL OR b.longitude IS NULL
        OR coalesce(greatest(a.place_precision, b.place_precision), 9) > len($reach_km)
        OR a.place_name = b.place_name OR a.place_precision IS NULL OR b.place_precision IS NULL
        OR 2 * 6371.0 * asin(sqrt(least(1.0, sin(radians(b.latitude - a.latitude) / 2) ** 2
            + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(radians(b.longitude - a.longitude) / 2) ** 2)))
            <= $reach_km[greatest(a.place_precision, b.place_precision)] + 0.1);
