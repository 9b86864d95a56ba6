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
--   counts: Whom it counts: civilians, combatants, or everybody.
--   events: Events of its time and place, or of its article.
--   events_killed: Those whom it counts among the killed in them: sum of the most conservative best counts; NULL where none is told.
--   events_injured: Persons injured in them; NULL where none is told.
--   killed_untold: Of the killed it counts, those no event here tells of; below zero where the events tell of more; NULL where the two cannot be compared.
--   not_comparable: Why the two cannot be compared; NULL where they can.
--   sentence: The words it stands in.
--   url: Address of the article.
WITH counted AS (
    SELECT
        mention_id,
        CASE WHEN bool_and(kind = 'civilian') THEN 'civilians' WHEN bool_and(kind = 'combatant') THEN 'combatants' END AS counts
    FROM mention_victims WHERE toll = 'killed' AND "within" IS NULL
    GROUP BY mention_id
),
covered AS (
    SELECT
        mention_id, count(*) AS events, sum(killed_best) AS everybody, sum(civilians_killed) AS civilians,
        sum(combatants_killed) AS combatants, sum(injured_best) AS injured,
        count(*) FILTER (killed_best > 0 AND NOT kinds_told) AS kinds_untold
    FROM total_parts GROUP BY mention_id
),
compared AS (
    SELECT
        t.mention_id, coalesce(n.counts, 'everybody') AS counts, coalesce(p.events, 0) AS events, p.injured,
        CASE n.counts WHEN 'civilians' THEN p.civilians WHEN 'combatants' THEN p.combatants ELSE p.everybody END AS killed,
        CASE
            WHEN t.date_start IS NULL THEN 'it names no days'
            WHEN t.country IS NULL THEN 'it names no country'
            WHEN n.counts IS NOT NULL AND p.kinds_untold > 0
                THEN concat('of ', p.kinds_untold, CASE WHEN p.kinds_untold = 1 THEN ' event' ELSE ' events' END,
                    ' it is not told who was killed')
        END AS not_comparable
    FROM total_reports t
    LEFT JOIN counted n ON n.mention_id = t.mention_id
    LEFT JOIN covered p ON p.mention_id = t.mention_id
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
    p.counts,
    p.events::INTEGER AS events,
    p.killed::INTEGER AS events_killed,
    p.injured::INTEGER AS events_injured,
    CASE WHEN p.not_comparable IS NULL THEN (m.killed_best - coalesce(p.killed, 0))::INTEGER END AS killed_untold,
    p.not_comparable,
    substring(c.text, m.sentence_start + 1, m.sentence_end - m.sentence_start) AS sentence,
    a.canonical_url AS url
FROM total_reports m
JOIN articles a ON a.article_id = m.article_id
JOIN article_versions v ON v.version_id = m.version_id
JOIN contents c ON c.content_sha256 = v.content_sha256
LEFT JOIN sources s ON s.source_id = a.source_id
JOIN compared p ON p.mention_id = m.mention_id
ORDER BY v.published_day NULLS LAST, m.mention_id
