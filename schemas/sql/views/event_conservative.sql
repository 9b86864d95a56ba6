-- title: Events by their most conservative reports
-- grain: one row per event
-- kept: by event, event_id
-- columns:
--   event_id: The event.
--   event_type: ACLED's event type.
--   sub_event_type: ACLED's sub-event type.
--   date_start: First day.
--   date_end: Last day.
--   date_precision: UCDP date_prec, 1 to 5.
--   place_name: Place as named.
--   place_id: The place in the gazetteer.
--   admin1: First-order division.
--   country: Country, ISO 3166 alpha-2.
--   latitude: Degrees north, WGS 84.
--   longitude: Degrees east, WGS 84.
--   place_precision: UCDP where_prec, 1 to 7.
--   killed: Persons killed.
--   injured: Persons injured.
--   reports: Reports it was picked from, copies left out; one publisher may have several.
-- Of days the longest period and of places the coarsest: they claim the least. Tolls are the lowest reported.
WITH reports AS (
    SELECT l.event_id, m.*, v.published_day, v.published_at
    FROM event_links l
    JOIN mentions_reviewed m ON m.mention_id = l.mention_id
    JOIN article_versions v ON v.version_id = m.version_id
    WHERE l.relation = 'reports'
)
SELECT
    e.event_id,
    e.event_type, e.sub_event_type,
    p.day.date_start AS date_start, p.day.date_end AS date_end, p.day.date_precision AS date_precision,
    p.place.place_name AS place_name, p.place.place_id AS place_id, p.place.admin1 AS admin1, p.place.country AS country,
    p.place.latitude AS latitude, p.place.longitude AS longitude, p.place.place_precision AS place_precision,
    p.killed, p.injured, p.reports
FROM events e
JOIN (
    SELECT
        event_id,
        first(struct_pack(date_start := date_start, date_end := coalesce(date_end, date_start), date_precision := date_precision)
            ORDER BY coalesce(date_end, date_start) - date_start DESC NULLS LAST, published_day, mention_id) AS day,
        first(struct_pack(place_name := place_name, place_id := place_id, admin1 := admin1, country := country, latitude := latitude, longitude := longitude, place_precision := place_precision)
            ORDER BY place_precision DESC NULLS LAST, published_day, mention_id) AS place,
        min(killed_best) AS killed, min(injured_best) AS injured,
        count(*)::INTEGER AS reports
    FROM reports
    GROUP BY event_id
) p ON p.event_id = e.event_id
ORDER BY date_start DESC NULLS LAST, event_id
