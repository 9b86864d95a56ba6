-- How many rows the tables hold that grow with the work.
SELECT 'articles' AS table_name, count(*) AS row_count FROM articles
UNION ALL SELECT 'article_versions', count(*) FROM article_versions
UNION ALL SELECT 'captures', count(*) FROM captures
UNION ALL SELECT 'mentions', count(*) FROM mentions
UNION ALL SELECT 'events', count(*) FROM events
UNION ALL SELECT 'fetches', count(*) FROM fetches
ORDER BY table_name;
