-- title: Lethal events in the shape of UCDP GED's file
-- grain: one row per event with at least one death; UCDP's 49 columns in file order, empty where only UCDP can fill them
-- columns:
--   id: A number made of event_id; permanent.
--   relid: Country, year, type of violence and the first digits of event_id.
--   year: Year of date_start.
--   active_year: Always NULL: UCDP counts 25 deaths a dyad and year itself.
--   code_status: Always "Check": coded by machine, not vetted by a person.
--   type_of_violence: 1 a state on one side, 2 organised groups on both, 3 one-sided, against civilians; NULL where a side is not named.
--   conflict_dset_id: Always NULL: an id of UCDP's.
--   conflict_new_id: Always NULL: an id of UCDP's.
--   conflict_name: Always empty: UCDP's own naming.
--   dyad_dset_id: Always NULL: an id of UCDP's.
--   dyad_new_id: Always NULL: an id of UCDP's.
--   dyad_name: side_a and side_b joined by a hyphen.
--   side_a_dset_id: Always NULL: an id of UCDP's.
--   side_a_new_id: Always NULL: an id of UCDP's.
--   side_a: The state where one takes part, else the leading initiator.
--   side_b_dset_id: Always NULL: an id of UCDP's.
--   side_b_new_id: Always NULL: an id of UCDP's.
--   side_b: The other side; Civilians where violence is one-sided.
--   number_of_sources: Independent reports: copies and outlets of one family count once.
--   source_article: Outlet, day and headline of each report, separated by semicolons.
--   source_office: Outlets, separated by semicolons.
--   source_date: Days of publication, separated by semicolons.
--   source_headline: Headlines, separated by semicolons.
--   source_original: Who is quoted as saying so, separated by semicolons.
--   where_prec: UCDP's where_prec, 1 to 7.
--   where_coordinates: The place the coordinates are of.
--   where_description: Place as named in the text.
--   adm_1: First-order division.
--   adm_2: Second-order division.
--   latitude: Degrees north, WGS 84.
--   longitude: Degrees east, WGS 84.
--   geom_wkt: The point as well-known text.
--   priogrid_gid: Cell of PRIO-GRID: half a degree, counted from 90 S 180 W, 720 cells a row, the first is 1.
--   country: Name of the country.
--   country_id: Always NULL: a Gleditsch-Ward number.
--   region: Region the country is filed under.
--   event_clarity: Always 1: a report that sums up several events makes no event here.
--   date_prec: UCDP's date_prec, 1 to 5.
--   date_start: First day.
--   date_end: Last day.
--   deaths_a: Combatants of side_a among the dead; NULL where the reports do not tell.
--   deaths_b: Combatants of side_b among the dead; NULL where the reports do not tell.
--   deaths_civilians: Civilians among the dead; of one-sided violence all but the combatants; NULL where the reports do not tell.
--   deaths_unknown: What is left of best: of these it is not told whose deaths they were.
--   best: The most conservative best count of persons killed.
--   high: The highest count of any report.
--   low: The lowest count of any report.
--   gwnoa: Always NULL: a Gleditsch-Ward number.
--   gwnob: Always NULL: a Gleditsch-Ward number.
WITH sided AS (
    SELECT
        a.event_id, a.role, a.rank, a.name,
        coalesce(k.armed, false) AS armed,
        coalesce(k.armed AND (k.inter = 1 OR a.kind IN ('external_forces', 'peacekeepers')), false) AS state
    FROM event_actors a
    LEFT JOIN actor_kinds k ON k.kind = a.kind
    WHERE a.rank = 1 AND a.role IN ('initiator', 'target')
),
pair AS (
    SELECT
        event_id,
        max(name) FILTER (role = 'initiator') AS initiator,
        max(name) FILTER (role = 'target') AS target,
        coalesce(bool_or(armed) FILTER (role = 'initiator'), false) AS initiator_armed,
        coalesce(bool_or(armed) FILTER (role = 'target'), false) AS target_armed,
        coalesce(bool_or(state) FILTER (role = 'initiator'), false) AS initiator_state,
        coalesce(bool_or(state) FILTER (role = 'target'), false) AS target_state
    FROM sided
    GROUP BY event_id
),
typed AS (
    SELECT
        e.event_id, p.initiator, p.target, coalesce(p.target_state AND NOT p.initiator_state, false) AS turned,
        CASE WHEN turned THEN p.target ELSE p.initiator END AS side_a,
        CASE
            WHEN e.event_type = 'Violence against civilians' OR (p.initiator_armed AND p.target IS NOT NULL AND NOT p.target_armed)
                THEN 3
            WHEN p.initiator IS NULL OR p.target IS NULL THEN NULL
            WHEN p.initiator_state OR p.target_state THEN 1
            WHEN p.initiator_armed AND p.target_armed THEN 2
        END AS violence,
        CASE WHEN violence = 3 THEN 'Civilians' WHEN turned THEN p.initiator ELSE p.target END AS side_b
    FROM events e
    LEFT JOIN pair p ON p.event_id = e.event_id
),
reported AS (
    SELECT
        event_id,
        string_agg(concat_ws(', ', source_name, published_day, '"' || replace(title, ';', ',') || '"'), '; '
            ORDER BY published_day NULLS LAST, source_name, url) AS source_article,
        string_agg(source_name, '; ' ORDER BY published_day NULLS LAST, source_name, url) AS source_office,
        string_agg(coalesce(published_day::VARCHAR, ''), '; ' ORDER BY published_day NULLS LAST, source_name, url) AS source_date,
        string_agg(replace(title, ';', ','), '; ' ORDER BY published_day NULLS LAST, source_name, url) AS source_headline
    FROM event_sources
    WHERE relation <> 'denies'
    GROUP BY event_id
),
dead AS (
    SELECT
        event_id,
        coalesce(sum(best) FILTER (kind = 'combatant' AND side = 'initiator'), 0) AS acting,
        coalesce(sum(best) FILTER (kind = 'combatant' AND side = 'target'), 0) AS hit,
        coalesce(sum(best) FILTER (kind = 'civilian'), 0) AS civilians
    FROM event_victims WHERE toll = 'killed' AND subgroup IS NULL
    GROUP BY event_id
),
-- Only parts that fit into the toll are told; where they come to all of it, a side without dead has 0.
split AS (
    SELECT
        e.event_id,
        CASE WHEN t.turned THEN x.hit ELSE x.acting END AS of_a,
        CASE WHEN t.turned THEN x.acting ELSE x.hit END AS of_b,
        CASE WHEN t.violence = 3 THEN e.killed_best - coalesce(x.acting + x.hit, 0) ELSE x.civilians END AS civilians,
        coalesce(of_a + of_b + x.civilians = e.killed_best, false) OR t.violence = 3 AS whole,
        coalesce(of_a + of_b + x.civilians <= e.killed_best, true) AS fits
    FROM events e
    JOIN typed t ON t.event_id = e.event_id
    LEFT JOIN dead x ON x.event_id = e.event_id
),
deaths AS (
    SELECT
        event_id,
        CASE WHEN fits AND whole THEN coalesce(of_a, 0) WHEN fits THEN nullif(of_a, 0) END::INTEGER AS deaths_a,
        CASE WHEN fits AND whole THEN coalesce(of_b, 0) WHEN fits THEN nullif(of_b, 0) END::INTEGER AS deaths_b,
        CASE WHEN fits AND whole THEN coalesce(civilians, 0) WHEN fits THEN nullif(civilians, 0) END::INTEGER
            AS deaths_civilians
    FROM split
),
said AS (
    SELECT event_id, string_agg(DISTINCT speaker, '; ' ORDER BY speaker) AS source_original
    FROM event_claims
    WHERE relation <> 'denies' AND speaker IS NOT NULL
    GROUP BY event_id
)
SELECT
    ('0x' || substring(e.event_id, 5, 15))::BIGINT AS id,
    concat_ws('-', coalesce(c.iso3, 'XXX'), year(e.date_start), t.violence, substring(e.event_id, 5, 8)) AS relid,
    year(e.date_start)::INTEGER AS year,
    NULL::BOOLEAN AS active_year,
    'Check' AS code_status,
    t.violence::INTEGER AS type_of_violence,
    NULL::INTEGER AS conflict_dset_id,
    NULL::INTEGER AS conflict_new_id,
    '' AS conflict_name,
    NULL::INTEGER AS dyad_dset_id,
    NULL::INTEGER AS dyad_new_id,
    concat_ws(' - ', t.side_a, t.side_b) AS dyad_name,
    NULL::INTEGER AS side_a_dset_id,
    NULL::INTEGER AS side_a_new_id,
    coalesce(t.side_a, '') AS side_a,
    NULL::INTEGER AS side_b_dset_id,
    NULL::INTEGER AS side_b_new_id,
    coalesce(t.side_b, '') AS side_b,
    e.family_count AS number_of_sources,
    coalesce(r.source_article, '') AS source_article,
    coalesce(r.source_office, '') AS source_office,
    coalesce(r.source_date, '') AS source_date,
    coalesce(r.source_headline, '') AS source_headline,
    coalesce(s.source_original, '') AS source_original,
    e.place_precision AS where_prec,
    coalesce(CASE WHEN e.latitude IS NOT NULL THEN coalesce(
        CASE e.place_precision WHEN 3 THEN e.admin2 WHEN 4 THEN e.admin1 WHEN 6 THEN c.name END, e.place_name) END, '')
        AS where_coordinates,
    coalesce(e.place_name, '') AS where_description,
    coalesce(e.admin1, '') AS adm_1,
    coalesce(e.admin2, '') AS adm_2,
    e.latitude,
    e.longitude,
    'POINT (' || e.longitude || ' ' || e.latitude || ')' AS geom_wkt,
    (floor((e.latitude + 90) * 2) * 720 + floor((e.longitude + 180) * 2) + 1)::INTEGER AS priogrid_gid,
    coalesce(c.name, '') AS country,
    NULL::INTEGER AS country_id,
    coalesce(c.region, '') AS region,
    1 AS event_clarity,
    e.date_precision AS date_prec,
    e.date_start,
    coalesce(e.date_end, e.date_start) AS date_end,
    d.deaths_a,
    d.deaths_b,
    d.deaths_civilians,
    (e.killed_best - coalesce(d.deaths_a, 0) - coalesce(d.deaths_b, 0) - coalesce(d.deaths_civilians, 0))::INTEGER
        AS deaths_unknown,
    e.killed_best AS best,
    e.killed_high AS high,
    e.killed_low AS low,
    NULL::INTEGER AS gwnoa,
    NULL::INTEGER AS gwnob
FROM events e
JOIN typed t ON t.event_id = e.event_id
LEFT JOIN countries c ON c.country = e.country
JOIN deaths d ON d.event_id = e.event_id
LEFT JOIN reported r ON r.event_id = e.event_id
LEFT JOIN said s ON s.event_id = e.event_id
WHERE e.killed_best >= 1
ORDER BY e.date_start DESC NULLS LAST, e.event_id
