-- title: Events that have coordinates, as a map shows them
-- grain: one row per event with coordinates; the features of events.geojson
-- columns:
--   event_id: The event.
--   date_start: First day; NULL where the reports give none.
--   date_end: Last day.
--   place_name: Place as named.
--   admin1: First-order division.
--   admin2: Second-order division, where the gazetteer has it.
--   country: Country, ISO 3166 alpha-2.
--   country_name: Its name.
--   event_type: ACLED's event type.
--   sub_event_type: ACLED's sub-event type.
--   initiators: Who acted, the leading one first.
--   targets: Whom it was done to, the leading one first.
--   killed_low: Lowest count of persons killed.
--   killed_best: Most conservative best count of persons killed.
--   killed_high: Highest count of persons killed.
--   killed_open: Whether more may have been killed: a report says "at least".
--   killed: Persons killed, in words: 14, 14 to 16, 20 or more.
--   civilians_killed: Civilians among the killed, where the reports tell.
--   combatants_killed: Combatants among the killed, where the reports tell.
--   women_killed: Women among the killed, where told.
--   children_killed: Children among the killed, where told.
--   injured_low: Lowest count of persons injured.
--   injured_best: Most conservative best count of persons injured.
--   injured_high: Highest count of persons injured.
--   injured_open: Whether more may have been injured.
--   detained_best: Most conservative best count of persons detained.
--   displaced_best: Most conservative best count of persons displaced.
--   status: happened, or disputed where somebody denies it or their part.
--   disputed: Whether somebody denies it, or their part.
--   differs: The fields reports disagree on, and between what values.
--   family_count: Publisher families that report it in their own words.
--   origin_count: Original sources: agencies credited, else families; copies count once.
--   sources: Names of the outlets that report or repeat it.
--   latitude: Degrees north, WGS 84.
--   longitude: Degrees east, WGS 84.
--   place_precision: UCDP where_prec, 1 to 7: how far to trust the point.
--   date_precision: UCDP date_prec, 1 to 5.
--   reports: Independent reports, a publisher family counted once.
SELECT o.*, e.latitude, e.longitude, e.place_precision, e.date_precision, e.family_count AS reports
FROM events_overview o
JOIN events e ON e.event_id = o.event_id
WHERE e.latitude IS NOT NULL
ORDER BY o.event_id
