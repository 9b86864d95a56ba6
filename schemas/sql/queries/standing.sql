-- What stands of some articles: the version that is current.
SELECT article_id, current_version_id FROM articles
WHERE article_id IN (SELECT unnest($article_ids::VARCHAR[]));
