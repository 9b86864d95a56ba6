-- The pages of a batch whose bytes another run had kept: link and capture.
SELECT f.link_id, f.capture_id
FROM fetches f JOIN captures c ON c.capture_id = f.capture_id
WHERE f.run_id = $run_id AND f.source_id = $source_id AND f.batch = $batch
    AND c.run_id <> f.run_id AND f.stage <> 'fetch'
ORDER BY f.link_id;
