-- The older answers of the addresses that answered one run.
DELETE FROM addresses a WHERE a.run_id <> $run_id AND EXISTS (
    SELECT 1 FROM addresses b WHERE b.run_id = $run_id AND b.source_id = a.source_id AND b.url = a.url);
