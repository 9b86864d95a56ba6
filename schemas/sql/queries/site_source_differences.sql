-- Where two sources give different counts of persons killed for one event, or one denies what the other reports: the
-- latest fifty of each source.
WITH told AS (
    SELECT l.event_id, a.source_id, coalesce(s.name, a.source_id) AS source, min(m.killed_low) AS low,
        max(m.killed_best) AS best, max(m.killed_high) AS high, bool_or(l.relation = 'denies') AS denies,
        bool_and(l.relation = 'repeats') AS repeats
    FROM event_links l
    JOIN mentions m ON m.mention_id = l.mention_id
    JOIN articles a ON a.article_id = m.article_id
    LEFT JOIN sources s ON s.source_id = a.source_id
    GROUP BY ALL
)
SELECT x.source_id, x.event_id, e.date_start, e.date_end, e.date_precision, e.place_name, e.admin1,
    coalesce(c.name, e.country) AS country, e.sub_event_type, y.source_id AS other_id, y.source AS other,
    x.low AS killed_low, x.best AS killed_best, x.high AS killed_high, y.low AS other_low, y.best AS other_best,
    y.high AS other_high, x.denies, y.denies AS other_denies
FROM told x
JOIN told y ON y.event_id = x.event_id AND y.source_id <> x.source_id
JOIN events e ON e.event_id = x.event_id
LEFT JOIN countries c ON c.country = e.country
WHERE x.denies <> y.denies
   OR (NOT x.repeats AND NOT y.repeats AND x.best IS NOT NULL AND y.best IS NOT NULL
       AND (x.low, x.best, x.high) IS DISTINCT FROM (y.low, y.best, y.high))
QUALIFY row_number() OVER (PARTITION BY x.source_id ORDER BY e.date_start DESC NULLS LAST, x.event_id, y.source_id) <= 50
ORDER BY x.source_id, e.date_start DESC NULLS LAST, x.event_id, y.source_id;
