-- title: What each report says of an event, side by side
-- grain: one row per event, mention and claim; a mention without a claim has one row
-- columns:
--   event_id: The event.
--   mention_id: The mention.
--   relation: reports, repeats or denies.
--   source_name: Name of the outlet.
--   family: Owner or publisher family.
--   published_day: Day of publication in the page's own zone.
--   status: What the article says of it: happened or denied.
--   killed_low: Fewest persons killed, as this report has it.
--   killed_best: Persons killed, as this report has it.
--   killed_high: Most persons killed, as this report has it.
--   injured_low: Fewest persons injured, as this report has it.
--   injured_best: Persons injured, as this report has it.
--   injured_high: Most persons injured, as this report has it.
--   cause: Cause or reason, as this report names it.
--   speaker: Who speaks, as named; NULL where nobody is quoted.
--   stance: asserts, denies or claims_responsibility.
--   about: What the statement is about: event, cause, responsibility or toll.
--   quote: The words of the statement.
--   url: Address of the article.
SELECT
    l.event_id,
    l.mention_id,
    l.relation,
    coalesce(s.name, a.source_id) AS source_name,
    coalesce(s.family, a.source_id) AS family,
    v.published_day,
    m.status,
    m.killed_low,
    m.killed_best,
    m.killed_high,
    m.injured_low,
    m.injured_best,
    m.injured_high,
    m.cause,
    c.speaker,
    c.stance,
    c.about,
    c.quote,
    a.canonical_url AS url
FROM event_links l
JOIN mentions m ON m.mention_id = l.mention_id
JOIN articles a ON a.article_id = m.article_id
JOIN article_versions v ON v.version_id = m.version_id
LEFT JOIN sources s ON s.source_id = a.source_id
LEFT JOIN mention_claims c ON c.mention_id = l.mention_id
ORDER BY l.event_id, l.relation DESC, v.published_day, l.mention_id, c.number
