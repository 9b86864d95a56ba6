-- title: Events in the shape of ACLED's file
-- grain: one row per event that has a type of ACLED's; its 31 columns in file order and with its conventions, where our rows allow them
-- kept: by event, substring(event_id_cnty, 4)
-- columns:
--   event_id_cnty: ISO 3166 alpha-3 of the country (XXX where not known) and a number made of event_id; the number is permanent.
--   event_date: First day; the middle where only a month is known; without a date the day the first report was published.
--   year: Year of event_date.
--   time_precision: 1 the day is known, 2 the week or a few days, 3 the month or less.
--   disorder_type: Political violence, Demonstrations, both, or Strategic developments.
--   event_type: ACLED's event type.
--   sub_event_type: ACLED's sub-event type.
--   actor1: The leading initiator; order implies no direction in ACLED, here actor1 acts where the reports say who did.
--   assoc_actor_1: Other initiators and supporters, separated by semicolons.
--   inter1: Kind of actor1: 1 state forces, 2 rebels, 3 political militias, 4 identity militias, 5 rioters, 6 protesters, 7 civilians, 8 other, 0 none.
--   actor2: The leading target.
--   assoc_actor_2: Other targets, separated by semicolons.
--   inter2: Kind of actor2, as inter1.
--   interaction: inter1 and inter2 joined, the lower first; X0 for a sole actor.
--   civilian_targeting: "Civilian targeting" where the leading target of political violence is civilian, or none is named and civilians alone were hit; else empty.
--   iso: ISO 3166 numeric code of the country.
--   region: ACLED's region.
--   country: Name of the country.
--   admin1: First-order division.
--   admin2: Second-order division.
--   admin3: Always empty: not coded.
--   location: Place as named.
--   latitude: Degrees north, WGS 84.
--   longitude: Degrees east, WGS 84.
--   geo_precision: 1 the place itself, 2 near it or its district, 3 a larger region.
--   source: Names of the outlets that report it in their own words or repeat it, separated by semicolons, the earliest first.
--   source_scale: National, Regional or International, seen from the country of the event; two are joined by a hyphen.
--   notes: What is reported: day, actors, place, toll, dispute, and the sentence of the first report.
--   fatalities: The most conservative best count; 0 where none is reported.
--   tags: Empty, or disputed, an open count, what the reports disagree on, and the civilians told to be among the dead.
--   timestamp: Unix time of the last change of the row: the cursor for incremental copies.
WITH told AS (
    -- Types of one's own are counted under the one of ACLED's that their crosswalk names; without one they are left out.
    SELECT e.* REPLACE (coalesce(t.acled_event_type, e.event_type) AS event_type,
                        coalesce(t.acled_sub_event_type, e.sub_event_type) AS sub_event_type)
    FROM events e
    LEFT JOIN event_types t ON t.sub_event_type = e.sub_event_type
    WHERE t.sub_event_type IS NULL OR t.acled_sub_event_type IS NOT NULL
),
sided AS (
    SELECT a.*, CASE WHEN a.country <> e.country THEN k.inter_abroad ELSE k.inter END AS inter
    FROM event_actors a
    JOIN events e ON e.event_id = a.event_id
    LEFT JOIN actor_kinds k ON k.kind = a.kind
),
lead AS (
    SELECT
        a.event_id,
        max(a.name) FILTER (a.role = 'initiator' AND a.rank = 1) AS actor1,
        max(a.inter) FILTER (a.role = 'initiator' AND a.rank = 1) AS inter1,
        string_agg(a.name, '; ' ORDER BY a.role, a.rank)
            FILTER ((a.role = 'initiator' AND a.rank > 1) OR a.role = 'supporter') AS assoc_actor_1,
        max(a.name) FILTER (a.role = 'target' AND a.rank = 1) AS actor2,
        max(a.inter) FILTER (a.role = 'target' AND a.rank = 1) AS inter2,
        string_agg(a.name, '; ' ORDER BY a.rank) FILTER (a.role = 'target' AND a.rank > 1) AS assoc_actor_2
    FROM sided a
    GROUP BY a.event_id
),
anchor AS (
    SELECT
        e.event_id, v.published_day, coalesce(s.name, r.source_id) AS source_name,
        substring(t.text, m.sentence_start + 1, m.sentence_end - m.sentence_start) AS sentence
    FROM told e
    JOIN mentions m ON m.mention_id = e.anchor_mention_id
    JOIN article_versions v ON v.version_id = m.version_id
    JOIN articles r ON r.article_id = m.article_id
    JOIN contents t ON t.content_sha256 = v.content_sha256
    LEFT JOIN sources s ON s.source_id = r.source_id
),
outlet AS (
    SELECT
        o.event_id, o.source_name, min(o.published_at) AS first_published, min(o.published_day) AS first_day,
        min(CASE WHEN o.source_country = e.country THEN 1 WHEN c.region = ec.region THEN 2 ELSE 3 END) AS scale
    FROM event_sources o
    JOIN events e ON e.event_id = o.event_id
    LEFT JOIN countries c ON c.country = o.source_country
    LEFT JOIN countries ec ON ec.country = e.country
    WHERE o.relation <> 'denies'
    GROUP BY o.event_id, o.source_name
),
sourced AS (
    SELECT
        event_id,
        string_agg(source_name, '; ' ORDER BY first_day NULLS LAST, first_published NULLS LAST, source_name) AS source,
        -- ACLED joins two scales at most: the nearest and the widest.
        array_to_string(list_distinct([min(scale), max(scale)]).list_sort().list_transform(
            lambda n: ['National', 'Regional', 'International'][n]), '-') AS source_scale
    FROM outlet
    GROUP BY event_id
),
coded AS (
    SELECT
        e.event_id, coalesce(x.inter1, 0)::INTEGER AS code1,
        -- Whoever violence against civilians is done to is a civilian, also one the reports only call a member.
        CASE WHEN e.event_type = 'Violence against civilians' AND coalesce(x.inter2, 0) = 0 THEN 7
             ELSE coalesce(x.inter2, 0) END::INTEGER AS code2,
        x.actor1, x.assoc_actor_1, x.actor2, x.assoc_actor_2
    FROM told e
    LEFT JOIN lead x ON x.event_id = e.event_id
),
hit AS (
    SELECT
        event_id,
        sum(best) FILTER (kind = 'civilian' AND toll = 'killed')::INTEGER AS civilians,
        bool_and(kind = 'civilian') AS only_civilians
    FROM event_victims WHERE subgroup IS NULL AND toll IN ('killed', 'injured')
    GROUP BY event_id
),
dated AS (
    SELECT
        e.event_id,
        CASE WHEN e.date_precision >= 4 THEN e.date_start + ((coalesce(e.date_end, e.date_start) - e.date_start) // 2)::INTEGER
             ELSE coalesce(e.date_start, n.published_day) END AS event_date,
        CASE WHEN e.date_start IS NULL THEN 2 WHEN e.date_precision = 1 THEN 1
             WHEN e.date_precision <= 3 THEN 2 ELSE 3 END AS time_precision
    FROM told e
    LEFT JOIN anchor n ON n.event_id = e.event_id
)
SELECT
    coalesce(c.iso3, 'XXX') || ('0x' || substring(e.event_id, 5, 15))::BIGINT AS event_id_cnty,
    d.event_date,
    year(d.event_date)::INTEGER AS year,
    d.time_precision,
    CASE
        WHEN e.sub_event_type = 'Excessive force against protesters' THEN 'Political violence; Demonstrations'
        WHEN e.sub_event_type = 'Mob violence' THEN 'Political violence'
        WHEN e.event_type IN ('Protests', 'Riots') THEN 'Demonstrations'
        WHEN e.event_type = 'Strategic developments' THEN 'Strategic developments'
        ELSE 'Political violence'
    END AS disorder_type,
    e.event_type,
    e.sub_event_type,
    coalesce(x.actor1, '') AS actor1,
    coalesce(x.assoc_actor_1, '') AS assoc_actor_1,
    x.code1 AS inter1,
    coalesce(x.actor2, '') AS actor2,
    coalesce(x.assoc_actor_2, '') AS assoc_actor_2,
    x.code2 AS inter2,
    CASE WHEN least(x.code1, x.code2) = 0 THEN 10 * greatest(x.code1, x.code2)
         ELSE 10 * least(x.code1, x.code2) + greatest(x.code1, x.code2) END AS interaction,
    CASE WHEN (x.code2 = 7 OR (x.code2 = 0 AND w.only_civilians)) AND disorder_type LIKE 'Political violence%'
        THEN 'Civilian targeting' ELSE '' END
        AS civilian_targeting,
    c.iso_numeric AS iso,
    coalesce(c.region, '') AS region,
    coalesce(c.name, '') AS country,
    coalesce(e.admin1, '') AS admin1,
    coalesce(e.admin2, '') AS admin2,
    '' AS admin3,
    coalesce(e.place_name, '') AS location,
    e.latitude,
    e.longitude,
    CASE WHEN e.place_precision = 1 THEN 1 WHEN e.place_precision <= 3 THEN 2 ELSE 3 END AS geo_precision,
    coalesce(s.source, '') AS source,
    coalesce(s.source_scale, '') AS source_scale,
    concat(
        CASE WHEN d.event_date IS NULL THEN 'On an unknown day'
             ELSE (CASE WHEN d.time_precision = 1 THEN 'On ' ELSE 'Around ' END) || strftime(d.event_date, '%-d %B %Y') END,
        ', ', lower(e.sub_event_type[1]) || e.sub_event_type[2:],
        ' by ' || x.actor1, ' against ' || x.actor2, ' at ' || e.place_name, ' (' || nullif(e.admin1, e.place_name) || ')',
        '.', ' Killed: ' || e.killed_best || CASE WHEN e.killed_open THEN ' or more' ELSE '' END || '.',
        ' Injured: ' || e.injured_best || CASE WHEN e.injured_open THEN ' or more' ELSE '' END || '.',
        ' Detained: ' || e.detained_best || '.', ' Displaced: ' || e.displaced_best || '.',
        ' Reports differ: ' || e.differs || '.', CASE WHEN e.disputed THEN ' Denied by a party.' END,
        ' ' || n.source_name || ': "' || n.sentence || '"') AS notes,
    coalesce(e.killed_best, 0) AS fatalities,
    concat_ws('; ', CASE WHEN e.disputed THEN 'disputed' END, CASE WHEN e.killed_open THEN 'fatalities: ' || e.killed_low || ' or more' END,
        'reports differ: ' || e.differs, 'civilians killed: ' || w.civilians) AS tags,
    epoch(e.changed_at)::BIGINT AS timestamp
FROM told e
JOIN dated d ON d.event_id = e.event_id
LEFT JOIN countries c ON c.country = e.country
JOIN coded x ON x.event_id = e.event_id
LEFT JOIN anchor n ON n.event_id = e.event_id
LEFT JOIN hit w ON w.event_id = e.event_id
LEFT JOIN sourced s ON s.event_id = e.event_id
ORDER BY event_date DESC NULLS LAST, event_id_cnty
