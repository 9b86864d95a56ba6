-- title: Outlets that are known by searches alone, and what came of their pages
-- grain: one row per source that a search found and nobody has reviewed
-- kept: made when the snapshot is published
-- columns:
--   source_id: The source made for the site.
--   site: The site, as people know it.
--   discovered_by: The source whose search found it.
--   pages: Links of it that searches gave, over all runs.
--   stored: How many of them brought an article.
--   articles: Its articles as they stand.
--   mentions: Events told in them.
SELECT
    s.source_id,
    s.homepage AS site,
    s.discovered_by,
    coalesce(f.pages, 0)::INTEGER AS pages,
    coalesce(f.stored, 0)::INTEGER AS stored,
    coalesce(a.articles, 0)::INTEGER AS articles,
    coalesce(a.mentions, 0)::INTEGER AS mentions
FROM sources s
LEFT JOIN (
    SELECT source_id, count(*) AS pages, count(*) FILTER (outcome = 'stored') AS stored FROM fetches GROUP BY source_id
) f USING (source_id)
LEFT JOIN (
    SELECT source_id, count(DISTINCT article_id) AS articles, count(mention_id) AS mentions
    FROM articles LEFT JOIN mentions m USING (article_id) GROUP BY source_id
) a USING (source_id)
WHERE s.discovered_by <> ''
ORDER BY s.source_id
