-- What a model was asked in one run, and what it said.
SELECT * FROM llm_replies WHERE run_id = $run_id ORDER BY version_id;
