-- What one run read, and how many events there are.
SELECT
    (SELECT coalesce(sum(discovered), 0)::INTEGER FROM run_sources WHERE run_id = $run_id) AS discovered,
    (SELECT count(*)::INTEGER FROM fetches WHERE run_id = $run_id AND status BETWEEN 200 AND 299) AS fetched,
    (SELECT count(DISTINCT v.article_id)::INTEGER FROM fetches f JOIN article_versions v USING (version_id)
     WHERE f.run_id = $run_id AND f.stage = 'load') AS articles,
    (SELECT count(*)::INTEGER FROM mentions WHERE version_id IN (
        SELECT version_id FROM fetches WHERE run_id = $run_id AND stage = 'load')) AS mentions,
    (SELECT count(*)::INTEGER FROM events) AS events;
