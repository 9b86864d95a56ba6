-- The events that versions read from some captures tell of.
SELECT DISTINCT l.event_id
FROM captures c JOIN mentions m ON m.version_id = c.version_id JOIN event_links l ON l.mention_id = m.mention_id
WHERE c.capture_id IN (SELECT unnest($capture_ids::VARCHAR[]))
ORDER BY 1;
