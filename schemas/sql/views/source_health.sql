-- title: How each source fares
-- grain: one row per source
-- kept: made when the snapshot is published
-- columns:
--   source_id: The source.
--   name: Name of the outlet.
--   enabled: Whether it is part of a run that names no sources.
--   state: never_asked, paused (left alone after long failure), down (asked, nothing could be read), silent (read, but nothing new for longer than its max_age_days), degraded (some of its addresses could not be read), below_expectation or above_expectation (new items a day over seven days), no_news (read, nothing new in the last run), ok. The first that applies.
--   last_success_at: Start of the last finished run that could read one of its addresses (UTC); NULL if none did.
--   last_new_item_at: Start of the last run in which it had something new (UTC).
--   days_since_new_item: Days from then to the start of the last run of any source.
--   items_a_day: New items a day over the seven days up to the start of the last run, over fewer days where it is younger.
--   expected_min: New items a day it is expected to have at least; NULL where nobody has counted.
--   expected_max: New items a day it is expected to have at most; NULL where nobody has counted.
--   addresses_down: Addresses that could not be read when it was last asked.
--   failure_points: Weighted failures since the last success.
--   paused_until: Nightly runs leave it alone until then (UTC); NULL where it is not paused.
--   pause_reason: Why it is paused; empty where it is not.
--   runs: Runs it was part of.
--   runs_reached: Runs in which at least one of its addresses could be read.
--   last_asked_at: Start of the last run it was part of (UTC).
--   last_reached_at: Start of the last run that reached it (UTC); NULL if none did.
--   last_discovered: Links it gave in the last run it was part of.
--   last_detail: What that run saw of its addresses.
--   stored: Article versions stored from it.
--   rejected_share: Share of its links of all runs that were rejected or quarantined.
--   last_article_at: When something new was last stored from it (UTC).
WITH clock AS (
    SELECT max(started_at) AS now FROM runs
),
asked AS (
    SELECT s.*, r.started_at, r.window_start, r.origin IN ('nightly', 'demo') AS telling
    FROM run_sources s
    JOIN runs r ON r.run_id = s.run_id
),
fared AS (
    SELECT
        source_id,
        count(*)::INTEGER AS runs,
        count(*) FILTER (reached)::INTEGER AS runs_reached,
        max(started_at) AS last_asked_at,
        max(started_at) FILTER (reached) AS last_reached_at,
        arg_max(discovered, started_at) AS last_discovered,
        arg_max(detail, started_at) AS last_detail,
        arg_max(new, started_at) FILTER (telling AND new IS NOT NULL) AS last_new,
        arg_max(reached, started_at) FILTER (telling AND new IS NOT NULL) AS last_reached,
        arg_max(run_id, started_at) FILTER (telling AND new IS NOT NULL) AS last_run_id,
        min(window_start) FILTER (telling AND reached) AS first_day
    FROM asked
    GROUP BY source_id
),
week AS (
    SELECT a.source_id, sum(a.new) AS items
    FROM asked a, clock
    WHERE a.telling AND a.reached AND a.started_at > clock.now - INTERVAL 7 DAY
    GROUP BY a.source_id
),
down AS (
    SELECT f.source_id, count(*)::INTEGER AS addresses
    FROM fared f
    JOIN probes p ON p.run_id = f.last_run_id AND p.source_id = f.source_id
    WHERE p.error IS NOT NULL
    GROUP BY f.source_id
),
ended AS (
    SELECT
        source_id,
        count(*) FILTER (outcome = 'stored')::INTEGER AS stored,
        round(count(*) FILTER (outcome IN ('rejected', 'quarantined')) / count(*), 4) AS rejected_share,
        max(requested_at) FILTER (outcome = 'stored') AS last_article_at
    FROM fetches
    GROUP BY source_id
),
known AS (
    SELECT
        s.source_id,
        t.last_success_at,
        t.last_new_item_at,
        t.paused_until > clock.now AS paused,
        t.paused_until,
        coalesce(t.pause_reason, '') AS pause_reason,
        coalesce(t.failure_points, 0) AS failure_points,
        date_diff('day', t.last_new_item_at, clock.now)::INTEGER AS days_since_new_item,
        least(7, date_diff('day', f.first_day, clock.now::DATE) + 1) AS days,
        round(w.items / least(7, date_diff('day', f.first_day, clock.now::DATE) + 1), 2) AS items_a_day,
        s.expected.min AS expected_min,
        s.expected.max AS expected_max,
        coalesce(d.addresses, 0) AS addresses_down
    FROM sources s
    CROSS JOIN clock
    LEFT JOIN source_states t ON t.source_id = s.source_id
    LEFT JOIN fared f ON f.source_id = s.source_id
    LEFT JOIN week w ON w.source_id = s.source_id
    LEFT JOIN down d ON d.source_id = s.source_id
)
SELECT
    s.source_id,
    s.name,
    s.enabled,
    CASE
        WHEN k.paused THEN 'paused'
        WHEN f.last_run_id IS NULL THEN 'never_asked'
        WHEN NOT f.last_reached THEN 'down'
        WHEN k.days_since_new_item > s.max_age_days THEN 'silent'
        WHEN k.addresses_down > 0 THEN 'degraded'
        WHEN k.days = 7 AND k.items_a_day < k.expected_min THEN 'below_expectation'
        WHEN k.days = 7 AND k.items_a_day > k.expected_max THEN 'above_expectation'
        WHEN f.last_new = 0 THEN 'no_news'
        ELSE 'ok'
    END AS state,
    k.last_success_at,
    k.last_new_item_at,
    k.days_since_new_item,
    k.items_a_day,
    k.expected_min,
    k.expected_max,
    k.addresses_down,
    k.failure_points,
    k.paused_until,
    k.pause_reason,
    coalesce(f.runs, 0) AS runs,
    coalesce(f.runs_reached, 0) AS runs_reached,
    f.last_asked_at,
    f.last_reached_at,
    f.last_discovered,
    f.last_detail,
    coalesce(e.stored, 0) AS stored,
    e.rejected_share,
    e.last_article_at
FROM sources s
JOIN known k ON k.source_id = s.source_id
LEFT JOIN fared f ON f.source_id = s.source_id
LEFT JOIN ended e ON e.source_id = s.source_id
ORDER BY s.source_id
