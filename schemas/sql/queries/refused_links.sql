-- The links of some sources that a run asked for since an instant and that ended without a page.
SELECT DISTINCT canonical_url
FROM fetches
WHERE source_id IN (SELECT unnest($source_ids::VARCHAR[])) AND requested_at > $since::TIMESTAMPTZ
    AND stage = 'fetch' AND outcome = 'rejected'
ORDER BY canonical_url;
