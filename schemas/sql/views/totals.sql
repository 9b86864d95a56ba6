-- title: Totals told, beside what the events they cover add up to
-- grain: one row per report of a total, such as a month's toll; totals make no event and add to no count
-- kept: made when the snapshot is published
-- columns:
--   mention_id: The report.
--   source_name: The source.
--   family: Who owns it; the source's id where unknown.
--   published_day: The local day it was published.
--   date_start: First day the total covers; NULL where the text names none.
--   date_end: Last day it covers.
--   country: Country, ISO 3166 alpha-2.
--   place_name: Place as named.
--   killed_low: Fewest persons killed, as it says.
--   killed_best: Persons killed, as it says.
--   killed_high: Most persons killed, as it says.
--   injured_best: Persons injured, as it says.
--   events: Events of its time and place, or of its article.
--   events_killed: Persons killed in them: sum of the most conservative best counts.
--   events_injured: Persons injured in them.
--   killed_untold: Of the killed it counts, those no event here tells of; below zero where the events tell of more.
--   sentence: The words it stands in.
--   url: Address of the article.
WITH covered AS (
    SELECT mention_id, count(*) AS events, sum(killed_best) AS killed, sum(injured_best) AS injured
    FROM total_parts GROUP BY mention_id
)
SELECT
    m.mention_id,
    coalesce(s.name, a.source_id) AS source_name,
    coalesce(s.family, a.source_id) AS family,
    v.published_day,
    m.date_start,
    m.date_end,
    m.country,
    m.place_name,
    m.killed_low,
    m.killed_best,
    m.killed_high,
    m.injured_best,
    coalesce(p.events, 0)::INTEGER AS events,
    coalesce(p.killed, 0)::INTEGER AS events_killed,
    coalesce(p.injured, 0)::INTEGER AS events_injured,
    (m.killed_best - coalesce(p.killed, 0))::INTEGER AS killed_untold,
    substring(c.text, m.sentence_start + 1, m.sentence_end - m.sentence_start) AS sentence,
    a.canonical_url AS url
FROM total_reports m
JOIN articles a ON a.article_id = m.article_id
JOIN article_versions v ON v.version_id = m.version_id
JOIN contents c ON c.content_sha256 = v.content_sha256
LEFT JOIN sources s ON s.source_id = a.source_id
LEFT JOIN covered p ON p.mention_id = m.mention_id
ORDER BY v.published_day NULLS LAST, m.mention_id
