-- The tombstones that stand on some canonical URLs.
SELECT * FROM tombstones WHERE standing AND canonical_url IN (SELECT unnest($urls::VARCHAR[])) ORDER BY canonical_url;
