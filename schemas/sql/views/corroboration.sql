-- title: How well events are corroborated
-- grain: one row per month, country and number of independent owners that report an event (5 stands for five and more)
-- kept: made when the snapshot is published
-- columns:
--   month: First day of the month the events began in; NULL where undated.
--   country: Country, ISO 3166 alpha-2; NULL where not known.
--   families: Publisher families that report them in their own words; copies and outlets of one owner count once.
--   events: How many events.
--   disputed: How many of them somebody denies.
--   differing: How many whose reports differ in something.
--   killed_low: Sum of the lowest counts of persons killed; NULL where none says.
--   killed_high: Sum of the highest counts of persons killed; NULL where none says.
SELECT
    date_trunc('month', date_start)::DATE AS month,
    country,
    least(family_count, 5)::INTEGER AS families,
    count(*)::INTEGER AS events,
    count(*) FILTER (disputed)::INTEGER AS disputed,
    count(differs)::INTEGER AS differing,
    sum(killed_low)::INTEGER AS killed_low,
    sum(killed_high)::INTEGER AS killed_high
FROM events
GROUP BY ALL
ORDER BY month NULLS LAST, country, families
