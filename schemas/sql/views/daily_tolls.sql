-- title: Events and persons killed and injured by day and place
-- grain: one row per first day, country, first-order division and event type; undated events have a NULL day
-- kept: made when the snapshot is published
-- columns:
--   event_date: First day of the events.
--   country: Country, ISO 3166 alpha-2; NULL where not known.
--   admin1: First-order division; NULL where not known.
--   event_type: ACLED's event type.
--   events: How many events.
--   disputed: How many of them somebody denies.
--   killed_low: Sum of the lowest counts of persons killed; NULL where none says.
--   killed_best: Sum of the most conservative best counts of persons killed; NULL where none says.
--   killed_high: Sum of the highest counts of persons killed; NULL where none says.
--   injured_low: Sum of the lowest counts of persons injured; NULL where none says.
--   injured_best: Sum of the most conservative best counts of persons injured; NULL where none says.
--   injured_high: Sum of the highest counts of persons injured; NULL where none says.
SELECT
    date_start AS event_date,
    country,
    admin1,
    event_type,
    count(*)::INTEGER AS events,
    count(*) FILTER (disputed)::INTEGER AS disputed,
    sum(killed_low)::INTEGER AS killed_low,
    sum(killed_best)::INTEGER AS killed_best,
    sum(killed_high)::INTEGER AS killed_high,
    sum(injured_low)::INTEGER AS injured_low,
    sum(injured_best)::INTEGER AS injured_best,
    sum(injured_high)::INTEGER AS injured_high
FROM events
GROUP BY date_start, country, admin1, event_type
ORDER BY event_date NULLS LAST, country, admin1, event_type
