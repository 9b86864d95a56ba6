-- title: Reports of totals
-- grain: one row per mention in a standing article that sums up several events and counts killed or injured persons
-- columns:
--   mention_id: The mention.
--   article_id: The article.
--   version_id: The article version.
--   sentence_start: First character of its sentence in the text.
--   sentence_end: Character after it.
--   trigger_start: First character of the words that tell of the event.
--   trigger_end: Character after them.
--   event_type: ACLED's event type.
--   sub_event_type: ACLED's sub-event type.
--   status: happened, denied, planned, threatened, hypothetical or background.
--   date_start: First day of the event.
--   date_end: Last day of the event.
--   date_precision: UCDP date_prec, 1 to 5.
--   place_name: Place as named.
--   place_id: The place in the gazetteer.
--   admin1: First-order division.
--   admin2: Second-order division.
--   country: Country, ISO 3166 alpha-2.
--   latitude: Degrees north, WGS 84.
--   longitude: Degrees east, WGS 84.
--   place_precision: UCDP where_prec, 1 to 7.
--   killed_low: Fewest persons killed.
--   killed_best: Persons killed.
--   killed_high: Most persons killed.
--   injured_low: Fewest persons injured.
--   injured_best: Persons injured.
--   injured_high: Most persons injured.
--   detained_low: Fewest persons detained.
--   detained_best: Persons detained.
--   detained_high: Most persons detained.
--   displaced_low: Fewest persons displaced.
--   displaced_best: Persons displaced.
--   displaced_high: Most persons displaced.
--   aggregate: Whether it sums up several events.
--   confidence: 1 where a person accepted or corrected it, else the coder's own.
--   coder: What read the event from the text.
--   coder_version: Its version.
--   rejected: Whether a person found no such event in the text; such mentions make no event.
--   reviewed: The verdicts on it as <verdict> or <field> <verdict>; NULL where nobody reviewed it.
--   reviewer: Who judged last.
--   reviewed_at: When.
SELECT m.*
FROM mentions_reviewed m
JOIN articles a ON a.article_id = m.article_id AND a.current_version_id = m.version_id
WHERE m.aggregate AND NOT m.rejected AND m.status IN ('happened', 'background')
    AND (m.killed_best IS NOT NULL OR m.injured_best IS NOT NULL)
