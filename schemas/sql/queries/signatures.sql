-- The fingerprint of the standing version of every article.
SELECT v.version_id, v.fingerprint
FROM articles a JOIN article_versions v ON v.version_id = a.current_version_id
ORDER BY v.version_id;
