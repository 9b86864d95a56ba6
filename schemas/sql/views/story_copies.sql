-- title: Texts and their copies
-- grain: one row per story; with several articles, they are copies or near copies of one text
-- columns:
--   story_id: The story.
--   origin: Where the text comes from: the news agency it is credited to, else the source that had it first.
--   origin_from: credit (an agency is named), or first (the earliest publication).
--   articles: Articles with this text.
--   families: Owner families that carry it; they count as one report.
--   sources: The sources, in alphabetical order.
--   first_published: The earliest day of publication declared.
--   title: Title of the earliest.
WITH told AS (
    SELECT s.story_id, a.article_id, a.source_id, v.wire_agency, v.published_day, v.published_at, c.title,
        coalesce(o.family, a.source_id) AS family
    FROM stories s
    JOIN article_versions v ON v.version_id = s.version_id
    JOIN articles a ON a.article_id = v.article_id AND a.current_version_id = v.version_id
    JOIN contents c ON c.content_sha256 = v.content_sha256
    LEFT JOIN sources o ON o.source_id = a.source_id
),
-- The agency most copies credit; of equals the first by name, so that no order of arrival says anything.
credited AS (
    SELECT story_id, wire_agency
    FROM told WHERE wire_agency IS NOT NULL
    GROUP BY story_id, wire_agency
    QUALIFY row_number() OVER (PARTITION BY story_id ORDER BY count(*) DESC, wire_agency) = 1
)
SELECT
    t.story_id,
    coalesce(any_value(k.wire_agency),
        first(t.source_id ORDER BY t.published_day NULLS LAST, t.published_at NULLS LAST, t.article_id)) AS origin,
    CASE WHEN any_value(k.wire_agency) IS NOT NULL THEN 'credit' ELSE 'first' END AS origin_from,
    count(*)::INTEGER AS articles,
    count(DISTINCT t.family)::INTEGER AS families,
    list_sort(list(DISTINCT t.source_id)) AS sources,
    min(t.published_day) AS first_published,
    first(t.title ORDER BY t.published_day NULLS LAST, t.published_at NULLS LAST, t.article_id) AS title
FROM told t
LEFT JOIN credited k ON k.story_id = t.story_id
GROUP BY t.story_id
ORDER BY articles DESC, t.story_id
