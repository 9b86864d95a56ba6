-- title: Who reports an event
-- grain: one row per event and article
-- columns:
--   event_id: The event.
--   article_id: The article.
--   relation: reports (in its own words), repeats (a copy of another report) or denies.
--   story_id: Copies of one text share a story.
--   source_id: The source.
--   source_name: Name of the outlet.
--   family: Owner or publisher family; independent reports are counted by family.
--   source_country: Country the outlet reports from, ISO 3166 alpha-2.
--   published_day: Day of publication in the page's own zone.
--   published_at: Instant of publication (UTC).
--   title: Title of the article.
--   url: Its address.
--   language: Its language, ISO 639-1.
--   translation: What translated the text that was read, with its version; NULL where it was read as published.
--   mentions: Mentions of the event in this article.
SELECT
    l.event_id,
    m.article_id,
    -- One article may hold two mentions of an event: its strongest relation counts.
    CASE WHEN bool_or(l.relation = 'reports') THEN 'reports'
         WHEN bool_or(l.relation = 'repeats') THEN 'repeats' ELSE 'denies' END AS relation,
    any_value(coalesce(st.story_id, m.article_id)) AS story_id,
    any_value(a.source_id) AS source_id,
    any_value(coalesce(s.name, a.source_id)) AS source_name,
    any_value(coalesce(s.family, a.source_id)) AS family,
    any_value(s.country) AS source_country,
    any_value(v.published_day) AS published_day,
    any_value(v.published_at) AS published_at,
    any_value(t.title) AS title,
    any_value(a.canonical_url) AS url,
    any_value(v.language) AS language,
    any_value(m.translation_engine || coalesce(' ' || m.translation_version, '')) AS translation,
    count(*)::INTEGER AS mentions
FROM event_links l
JOIN mentions m ON m.mention_id = l.mention_id
JOIN articles a ON a.article_id = m.article_id
JOIN article_versions v ON v.version_id = m.version_id
JOIN contents t ON t.content_sha256 = v.content_sha256
LEFT JOIN sources s ON s.source_id = a.source_id
LEFT JOIN stories st ON st.version_id = m.version_id
GROUP BY l.event_id, m.article_id
