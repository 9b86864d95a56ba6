-- What each source adds to the events it tells of: alone with it, first of several, only a copy, in denial; and how
-- often its count of persons killed lies outside what the others say.
WITH told AS (
    SELECT l.event_id, a.source_id, coalesce(s.family, a.source_id) AS family, min(v.published_at) AS told_at,
        bool_or(l.relation = 'reports') AS reports, bool_or(l.relation = 'denies') AS denies,
        bool_and(l.relation = 'repeats') AS repeats, min(m.killed_low) AS low,
        max(coalesce(m.killed_high, m.killed_best)) AS high
    FROM event_links l
    JOIN mentions m ON m.mention_id = l.mention_id
    JOIN articles a ON a.article_id = m.article_id
    JOIN article_versions v ON v.version_id = m.version_id
    LEFT JOIN sources s ON s.source_id = a.source_id
    GROUP BY ALL
),
beside AS (
    SELECT event_id, source_id, reports, denies, repeats, low, high, told_at,
        count(*) OVER everyone AS outlets,
        min(told_at) OVER everyone AS first_at,
        least(min(low) OVER before, min(low) OVER after) AS others_low,
        greatest(max(high) OVER before, max(high) OVER after) AS others_high
    FROM told
    WINDOW everyone AS (PARTITION BY event_id),
        before AS (PARTITION BY event_id ORDER BY source_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        after AS (PARTITION BY event_id ORDER BY source_id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
)
SELECT source_id, count(*)::INTEGER AS events,
    count(*) FILTER (outlets = 1)::INTEGER AS alone,
    count(*) FILTER (outlets > 1)::INTEGER AS shared,
    count(*) FILTER (outlets > 1 AND told_at = first_at)::INTEGER AS first,
    count(*) FILTER (repeats)::INTEGER AS repeated,
    count(*) FILTER (denies)::INTEGER AS denied,
    count(*) FILTER (low IS NOT NULL AND others_low IS NOT NULL)::INTEGER AS compared,
    count(*) FILTER (low > others_high)::INTEGER AS above,
    count(*) FILTER (high < others_low)::INTEGER AS below
FROM beside
GROUP BY source_id
ORDER BY source_id;
