-- title: Events and persons killed and injured by month and first-order division
-- grain: one row per month, country and first-order division; undated events have a NULL month
-- kept: made when the snapshot is published
-- columns:
--   month: First day of the month the events began in.
--   country: Country, ISO 3166 alpha-2; NULL where not known.
--   admin1: First-order division; NULL where not known.
--   events: How many events.
--   violent_events: Battles, explosions and remote violence, and violence against civilians among them.
--   disputed: How many of them somebody denies.
--   lethal_events: How many with at least one person killed.
--   killed_low: Sum of the lowest counts of persons killed; NULL where none says.
--   killed_best: Sum of the most conservative best counts of persons killed; NULL where none says.
--   killed_high: Sum of the highest counts of persons killed; NULL where none says.
--   injured_best: Sum of the most conservative best counts of persons injured; NULL where none says.
SELECT
    date_trunc('month', date_start)::DATE AS month,
    country,
    admin1,
    count(*)::INTEGER AS events,
    count(*) FILTER (event_type IN ('Battles', 'Explosions/Remote violence', 'Violence against civilians'))::INTEGER
        AS violent_events,
    count(*) FILTER (disputed)::INTEGER AS disputed,
    count(*) FILTER (killed_best > 0)::INTEGER AS lethal_events,
    sum(killed_low)::INTEGER AS killed_low,
    sum(killed_best)::INTEGER AS killed_best,
    sum(killed_high)::INTEGER AS killed_high,
    sum(injured_best)::INTEGER AS injured_best
FROM events
GROUP BY ALL
ORDER BY month NULLS LAST, country, admin1
