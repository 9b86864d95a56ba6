-- How the sources of one run fare: those in trouble first.
SELECT
    h.source_id AS source,
    h.state,
    r.reached,
    r.discovered AS links,
    r.new,
    h.last_success_at,
    h.last_new_item_at,
    h.items_a_day,
    h.addresses_down,
    h.paused_until,
    r.detail
FROM run_sources r
JOIN source_health h ON h.source_id = r.source_id
WHERE r.run_id = $run_id
ORDER BY r.reached, h.state IN ('ok', 'no_news'), h.source_id;
