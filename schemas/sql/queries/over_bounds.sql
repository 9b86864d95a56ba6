-- How many links of each source a run left to the next night because of its bounds.
SELECT source_id,
    count(*) FILTER (reason = 'over_links')::INTEGER AS links,
    count(*) FILTER (reason = 'over_time')::INTEGER AS late
FROM fetches
WHERE run_id = $run_id AND outcome = 'deferred' AND reason IN ('over_links', 'over_time')
GROUP BY source_id
ORDER BY source_id;
