-- title: Events and persons killed and injured by month and kind
-- grain: one row per month, country, event type and sub-event type; undated events have a NULL month
-- kept: made when the snapshot is published
-- columns:
--   month: First day of the month the events began in.
--   country: Country, ISO 3166 alpha-2; NULL where not known.
--   event_type: ACLED's event type.
--   sub_event_type: ACLED's sub-event type.
--   events: How many events.
--   killed_low: Sum of the lowest counts of persons killed.
--   killed_best: Sum of the most conservative best counts of persons killed.
--   killed_high: Sum of the highest counts of persons killed.
--   injured_best: Sum of the most conservative best counts of persons injured.
SELECT
    date_trunc('month', date_start)::DATE AS month,
    country,
    event_type,
    sub_event_type,
    count(*)::INTEGER AS events,
    coalesce(sum(killed_low), 0)::INTEGER AS killed_low,
    coalesce(sum(killed_best), 0)::INTEGER AS killed_best,
    coalesce(sum(killed_high), 0)::INTEGER AS killed_high,
    coalesce(sum(injured_best), 0)::INTEGER AS injured_best
FROM events
GROUP BY ALL
ORDER BY month NULLS LAST, country, event_type, sub_event_type
