-- When a page was erased and by which run are stamps: an erasure that was killed and done again leaves the same state.

UPDATE table_keys SET made_columns = ['erased_at', 'run_id'] WHERE table_name = 'erasures';
