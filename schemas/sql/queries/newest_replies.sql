-- The newest answer a language model gave of each version, the newest first.
SELECT version_id, reply
FROM llm_replies
WHERE outcome = 'answered' AND reply IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY version_id ORDER BY asked_at DESC, run_id) = 1
ORDER BY asked_at DESC, version_id
LIMIT $most;
