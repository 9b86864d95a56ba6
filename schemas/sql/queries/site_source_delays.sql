-- Hours from an article's publication to our first capture of it, where the page gives an instant and a nightly run
-- fetched it from the site itself; and how many articles were corrected or taken away.
WITH firsts AS (
    SELECT article_id, arg_min(version_id, first_seen_at) AS version_id, count(*) AS versions
    FROM article_versions
    WHERE version_id IN (SELECT version_id FROM captures)
    GROUP BY article_id
),
waits AS (
    SELECT a.source_id, f.versions, a.canonical_url,
        CASE WHEN k.archive IS NULL AND r.origin = 'nightly' AND v.published_at <= k.captured_at
             THEN date_diff('minute', v.published_at, k.captured_at) / 60.0 END AS hours
    FROM firsts f
    JOIN articles a ON a.article_id = f.article_id
    JOIN article_versions v ON v.version_id = f.version_id
    JOIN captures k ON k.capture_id = v.capture_id
    LEFT JOIN runs r ON r.run_id = k.run_id
)
SELECT w.source_id, count(*)::INTEGER AS articles, count(w.hours)::INTEGER AS timed,
    quantile_cont(w.hours, 0.5) AS median_hours, quantile_cont(w.hours, 0.9) AS p90_hours,
    count(*) FILTER (w.versions > 1)::INTEGER AS changed, count(t.canonical_url)::INTEGER AS gone
FROM waits w
LEFT JOIN tombstones t ON t.canonical_url = w.canonical_url AND t.standing
GROUP BY w.source_id
ORDER BY w.source_id;
