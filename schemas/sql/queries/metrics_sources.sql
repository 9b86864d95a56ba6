-- How each enabled source fares, for a monitor.
SELECT source_id, state, epoch(last_success_at) AS last_success, epoch(last_new_item_at) AS last_new_item, addresses_down
FROM source_health
WHERE enabled
ORDER BY source_id;
