-- The addresses of the pages that brought each of some articles: whose word on its address an article rests on.
SELECT v.article_id, list(DISTINCT k.url ORDER BY k.url) AS urls
FROM article_versions v
JOIN captures k ON k.version_id = v.version_id
WHERE v.article_id IN (SELECT unnest($article_ids::VARCHAR[]))
GROUP BY v.article_id ORDER BY v.article_id;
