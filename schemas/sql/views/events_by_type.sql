-- title: Events and persons killed and injured by month and kind
-- grain: one row per month, country, event type and sub-event type; undated events have a NULL month
-- kept: made when the snapshot is published
-- columns:
--   month: First day of the month the events began in.
--   country: Country, ISO 3166 alpha-2; NULL where not known.
--   event_type: ACLED's event type.
--   sub_event_type: ACLED's sub-event type.
--   events: How many events.
--   killed_low: Sum of the lowest counts of persons killed; NULL where none says.
--   killed_best: Sum of the most conservative best counts of persons killed; NULL where none says.
--   killed_high: Sum of the highest counts of persons killed; NULL where none says.
--   injured_best: Sum of the most conservative best counts of persons injured; NULL where none says.
SELECT
    date_trunc('month', date_start)::DATE AS month,
    country,
    event_type,
    sub_event_type,
    count(*)::INTEGER AS events,
    sum(killed_low)::INTEGER AS killed_low,
    sum(killed_best)::INTEGER AS killed_best,
    sum(killed_high)::INTEGER AS killed_high,
    sum(injured_best)::INTEGER AS injured_best
FROM events
GROUP BY ALL
ORDER BY month NULLS LAST, country, event_type, sub_event_type
