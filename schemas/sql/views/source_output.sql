-- title: What each source publishes, and how much of it tells of events
-- grain: one row per source and month of publication; articles without a date have a NULL month
-- kept: made when the snapshot is published
-- columns:
--   source_id: The source.
--   month: First day of the month of publication, in the page's own zone.
--   articles: Articles as they stand.
--   with_events: How many of them hold at least one mention.
--   mentions: Mentions in them.
--   corrected: How many carry a note of correction.
--   partial: How many the page gave only in part.
--   median_delay_days: Days from an event to the publication, in the middle; NULL where no event is dated.
WITH told AS (
    SELECT version_id, count(*) AS mentions, min(date_end) AS day FROM mentions GROUP BY version_id
)
SELECT
    a.source_id,
    date_trunc('month', v.published_day)::DATE AS month,
    count(*)::INTEGER AS articles,
    count(t.version_id)::INTEGER AS with_events,
    coalesce(sum(t.mentions), 0)::INTEGER AS mentions,
    count(v.correction_note)::INTEGER AS corrected,
    count(*) FILTER (v.completeness = 'partial')::INTEGER AS partial,
    median(v.published_day - t.day) FILTER (t.day IS NOT NULL AND v.published_day >= t.day) AS median_delay_days
FROM articles a
JOIN article_versions v ON v.version_id = a.current_version_id
LEFT JOIN told t ON t.version_id = v.version_id
GROUP BY ALL
ORDER BY a.source_id, month NULLS LAST
