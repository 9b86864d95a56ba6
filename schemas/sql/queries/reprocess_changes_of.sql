-- What one reprocess changed.
SELECT run_id, subject, subject_id, field, action, old_value, new_value, source_id, url
FROM reprocess_changes WHERE run_id = $run_id ORDER BY subject, source_id, url, subject_id, field;
