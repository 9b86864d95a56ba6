-- title: Mentions as people left them
-- grain: one row per mention; what nobody reviewed is as its coder read it
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
-- Resolution reads this instead of the mentions themselves. A verdict on a field goes before one on the whole mention.
WITH values_of AS (
    SELECT mention_id, key AS name, json_extract_string(changes, '$.' || key) AS value
    FROM (SELECT *, unnest(json_keys(changes)) AS key FROM review_matches)
    WHERE verdict <> 'reject'
    QUALIFY row_number() OVER (PARTITION BY mention_id, key ORDER BY field = '', reviewed_at DESC) = 1
),
settled AS (
    SELECT mention_id, map_from_entries(list((name, value) ORDER BY name)) AS value_of
    FROM values_of GROUP BY mention_id
),
verdicts AS (
    SELECT mention_id,
        bool_or(verdict = 'reject' AND field = '') AS rejected,
        string_agg(trim(field || ' ' || verdict), ', ' ORDER BY field) AS reviewed,
        arg_max(reviewer, (reviewed_at, field)) AS reviewer,
        max(reviewed_at) AS reviewed_at
    FROM review_matches GROUP BY mention_id
)
SELECT
    m.mention_id, m.article_id, m.version_id, m.sentence_start, m.sentence_end, m.trigger_start, m.trigger_end,
    CASE WHEN map_contains(s.value_of, 'event_type') THEN s.value_of['event_type'] ELSE m.event_type END AS event_type,
    CASE WHEN map_contains(s.value_of, 'sub_event_type') THEN s.value_of['sub_event_type'] ELSE m.sub_event_type END AS sub_event_type,
    CASE WHEN map_contains(s.value_of, 'status') THEN s.value_of['status'] ELSE m.status END AS status,
    CASE WHEN map_contains(s.value_of, 'date_start') THEN s.value_of['date_start']::DATE ELSE m.date_start END AS date_start,
    CASE WHEN map_contains(s.value_of, 'date_end') THEN s.value_of['date_end']::DATE ELSE m.date_end END AS date_end,
    CASE WHEN map_contains(s.value_of, 'date_precision') THEN s.value_of['date_precision']::UTINYINT ELSE m.date_precision END AS date_precision,
    CASE WHEN map_contains(s.value_of, 'place_name') THEN s.value_of['place_name'] ELSE m.place_name END AS place_name,
    CASE WHEN map_contains(s.value_of, 'place_id') THEN s.value_of['place_id'] ELSE m.place_id END AS place_id,
    CASE WHEN map_contains(s.value_of, 'admin1') THEN s.value_of['admin1'] ELSE m.admin1 END AS admin1,
    CASE WHEN map_contains(s.value_of, 'admin2') THEN s.value_of['admin2'] ELSE m.admin2 END AS admin2,
    CASE WHEN map_contains(s.value_of, 'country') THEN s.value_of['country'] ELSE m.country END AS country,
    CASE WHEN map_contains(s.value_of, 'latitude') THEN s.value_of['latitude']::DOUBLE ELSE m.latitude END AS latitude,
    CASE WHEN map_contains(s.value_of, 'longitude') THEN s.value_of['longitude']::DOUBLE ELSE m.longitude END AS longitude,
    CASE WHEN map_contains(s.value_of, 'place_precision') THEN s.value_of['place_precision']::UTINYINT ELSE m.place_precision END AS place_precision,
    CASE WHEN map_contains(s.value_of, 'killed_low') THEN s.value_of['killed_low']::INTEGER ELSE m.killed_low END AS killed_low,
    CASE WHEN map_contains(s.value_of, 'killed_best') THEN s.value_of['killed_best']::INTEGER ELSE m.killed_best END AS killed_best,
    CASE WHEN map_contains(s.value_of, 'killed_high') THEN s.value_of['killed_high']::INTEGER ELSE m.killed_high END AS killed_high,
    CASE WHEN map_contains(s.value_of, 'injured_low') THEN s.value_of['injured_low']::INTEGER ELSE m.injured_low END AS injured_low,
    CASE WHEN map_contains(s.value_of, 'injured_best') THEN s.value_of['injured_best']::INTEGER ELSE m.injured_best END AS injured_best,
    CASE WHEN map_contains(s.value_of, 'injured_high') THEN s.value_of['injured_high']::INTEGER ELSE m.injured_high END AS injured_high,
    CASE WHEN map_contains(s.value_of, 'detained_low') THEN s.value_of['detained_low']::INTEGER ELSE m.detained_low END AS detained_low,
    CASE WHEN map_contains(s.value_of, 'detained_best') THEN s.value_of['detained_best']::INTEGER ELSE m.detained_best END AS detained_best,
    CASE WHEN map_contains(s.value_of, 'detained_high') THEN s.value_of['detained_high']::INTEGER ELSE m.detained_high END AS detained_high,
    CASE WHEN map_contains(s.value_of, 'displaced_low') THEN s.value_of['displaced_low']::INTEGER ELSE m.displaced_low END AS displaced_low,
    CASE WHEN map_contains(s.value_of, 'displaced_best') THEN s.value_of['displaced_best']::INTEGER ELSE m.displaced_best END AS displaced_best,
    CASE WHEN map_contains(s.value_of, 'displaced_high') THEN s.value_of['displaced_high']::INTEGER ELSE m.displaced_high END AS displaced_high,
    m.aggregate,
    CASE WHEN r.mention_id IS NULL OR r.rejected THEN m.confidence ELSE 1.0 END AS confidence,
    m.coder, m.coder_version,
    coalesce(r.rejected, false) AS rejected,
    r.reviewed, r.reviewer, r.reviewed_at
FROM mentions m
LEFT JOIN verdicts r ON r.mention_id = m.mention_id
LEFT JOIN settled s ON s.mention_id = m.mention_id
