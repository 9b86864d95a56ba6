-- The outlets that are known by searches alone, as they were made.
SELECT source_id AS id, name, family, country, language, homepage, delay_seconds, discovered_by, notes
FROM sources WHERE discovered_by <> '' ORDER BY source_id;
