-- The killed of each event by side and kind, as far as they are told.
SELECT event_id, side, kind, sum(best)::INTEGER AS killed
FROM event_victims
WHERE toll = 'killed' AND subgroup IS NULL
GROUP BY event_id, side, kind
ORDER BY event_id, side NULLS LAST, kind;
