-- Each source with its health and what its entry says of it.
SELECT h.*, s.family, coalesce(c.name, s.country) AS country, s.language, s.homepage, s.region, s.alignment, s.timezone,
    s.max_age_days, s.robots, s.tdm, s.tls, s.tls_reason
FROM source_health h
JOIN sources s ON s.source_id = h.source_id
LEFT JOIN countries c ON c.country = s.country
ORDER BY h.name, h.source_id;
