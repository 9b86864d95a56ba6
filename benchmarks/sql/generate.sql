-- A made-up warehouse, a stretch of articles at a time: from article low to below high, so many a night.
-- Everything follows from an article's number by hash(); names of towns and groups are invented. Ids are the product's
-- own (schemas/keys.py). Statements are separated by lines of dashes and run by benchmarks/generate.py.

CREATE OR REPLACE TEMP MACRO key_of(kind, parts) AS kind || '_' || substring(sha256(kind || chr(31) || parts), 1, 20);
CREATE OR REPLACE TEMP MACRO draw(number, salt, of) AS (hash(number, salt) % of)::INTEGER;
CREATE OR REPLACE TEMP MACRO syllable(number) AS
    ['bar', 'del', 'fen', 'gor', 'hul', 'kir', 'lom', 'mav', 'nor', 'pel', 'ros', 'sim', 'tav', 'ul', 'ver', 'wol', 'yar', 'zem'][1 + number % 18];
CREATE OR REPLACE TEMP MACRO town_name(number) AS
    upper(syllable(number)[1]) || syllable(number)[2:] || syllable(number // 18) || syllable(number // 324);
CREATE OR REPLACE TEMP MACRO group_name(number) AS
    upper(syllable(number)[1]) || syllable(number)[2:] || ['an Army', 'i Front', 'en Brigade', 'an Police', 'i Guard', 'ar Militia'][1 + number % 6];
CREATE OR REPLACE TEMP MACRO group_kind(number) AS
    ['state_forces', 'rebel', 'rebel', 'police', 'political_militia', 'identity_militia'][1 + number % 6];
CREATE OR REPLACE TEMP MACRO group_of(kind, sub_kind) AS CASE
    WHEN kind IN ('Battles', 'Explosions/Remote violence', 'Violence against civilians') THEN 'violence'
    WHEN kind IN ('Protests', 'Riots') THEN 'demonstration' ELSE sub_kind END;
CREATE OR REPLACE TEMP MACRO outlet(number) AS 'outlet-' || lpad((number % 100)::VARCHAR, 3, '0');
CREATE OR REPLACE TEMP MACRO night_day(number, per_night) AS DATE '2019-01-01' + (number // per_night)::INTEGER;
CREATE OR REPLACE TEMP MACRO run_start(number, per_night) AS
    ((night_day(number, per_night) + 1)::TIMESTAMP + INTERVAL 2 HOUR)::TIMESTAMPTZ;
CREATE OR REPLACE TEMP MACRO run_key(number, per_night) AS key_of('run', concat_ws(chr(31), 'nightly', night_day(number, per_night),
    night_day(number, per_night), strftime(night_day(number, per_night) + 1, '%Y-%m-%d') || 'T02:00:00+00:00'));
CREATE OR REPLACE TEMP MACRO address_of(number, per_night) AS
    'https://' || outlet(number) || '.test/' || strftime(night_day(number, per_night), '%Y/%m/%d') || '/'
    || lower(town_name(draw(number, 1, 5832))) || '-' || number;
----
-- The events: event n is first told by article n; of every even n, article n + 7 tells too.
CREATE OR REPLACE TEMP TABLE made_events AS
SELECT n, draw(n, 1, 5832) AS town, draw(n, 2, 28) AS act, draw(n, 3, 72) AS one, draw(n, 4, 72) AS other,
    night_day(n, $per_night) - draw(n, 5, 3) AS day,
    CASE WHEN draw(n, 6, 4) > 0 THEN draw(n, 7, 9) END AS killed,
    CASE WHEN draw(n, 8, 3) > 0 THEN draw(n, 9, 15) END AS injured,
    town_name(draw(n, 16, 5832)) || ' ' || town_name(draw(n, 17, 5832)) AS witness
FROM range(greatest($low - 7, 0), $high) r(n);
----
CREATE OR REPLACE TEMP TABLE told_events AS
SELECT e.*, a.event_type, a.sub_event_type, a.plover_type, a.plover_mode, c.country,
    town_name(town) AS place, 'Province ' || (town % 120) AS province,
    -28 + (town % 120) * 0.6 + (town // 120) * 0.011 AS latitude, -90 + (town % 120) * 1.7 + (town // 120) * 0.013 AS longitude,
    group_name(one) AS initiator, group_name(other + 72) AS target,
    [' attacked the ', ' fought the ', ' shelled the '][1 + act % 3] AS verb
FROM made_events e
JOIN made_acts a ON a.number = e.act
JOIN made_countries c ON c.number = e.town % 120 % 20;
----
-- The mentions: place (0, 1) is the order in the article's text. Sentences are made so that all spans hold.
CREATE OR REPLACE TEMP TABLE made_mentions AS
SELECT t.*, m.article, m.place_in_text, initiator || verb || target AS opening,
    ' in ' || place || ' on ' || strftime(day, '%A') || ', killing ' || coalesce(killed::VARCHAR, 'some') || ' of them, '
        || witness || ' said' AS ending,
    opening || ending || '.' AS sentence
FROM told_events t
JOIN (
    SELECT n AS event, n AS article, 0 AS place_in_text FROM range($low, $high) r(n)
    UNION ALL SELECT n - 7, n, 1 FROM range($low, $high) r(n) WHERE n % 2 = 1 AND n >= 7
) m ON m.event = t.n;
----
CREATE OR REPLACE TEMP TABLE made_articles AS
WITH said AS (
    SELECT article, string_agg(sentence, ' ' ORDER BY place_in_text) AS text,
        any_value(opening) FILTER (place_in_text = 0) AS title, any_value(place) FILTER (place_in_text = 0) AS place
    FROM made_mentions GROUP BY article
)
SELECT article AS n, outlet(article) AS source_id, night_day(article, $per_night) AS day,
    address_of(article, $per_night) AS url, run_key(article, $per_night) AS run_id,
    run_start(article, $per_night) + to_seconds(article % $per_night) AS seen_at,
    title || ', report ' || article AS title,
    text || ' Residents of ' || place || ' said that roads to the north were closed until the next morning and that aid '
        || 'had not come. Officials gave no further details; a hospital confirmed the count under number ' || article || '.' AS text,
    sha256((title || ', report ' || article) || chr(31) || (text || ' Residents of ' || place || ' said that roads to the '
        || 'north were closed until the next morning and that aid had not come. Officials gave no further details; a '
        || 'hospital confirmed the count under number ' || article || '.')) AS content_sha256,
    key_of('art', source_id || chr(31) || url) AS article_id,
    key_of('ver', article_id || chr(31) || content_sha256) AS version_id,
    sha256('body of ' || url) AS body_sha256,
    key_of('cap', url || chr(31) || body_sha256) AS capture_id,
    key_of('lnk', source_id || chr(31) || url) AS link_id
FROM said;
----
INSERT INTO contents BY NAME SELECT content_sha256, title, text FROM made_articles ORDER BY n;
----
INSERT INTO articles BY NAME
SELECT article_id, source_id, url AS canonical_url, version_id AS current_version_id, run_id AS changed_run_id,
    seen_at AS first_seen_at, seen_at + CASE WHEN draw(n, 10, 10) < 7 THEN INTERVAL 1 DAY ELSE INTERVAL 0 DAY END AS last_seen_at
FROM made_articles ORDER BY n;
----
INSERT INTO article_versions BY NAME
SELECT version_id, article_id, content_sha256, 'en' AS language, ['A. Writer'] AS authors, source_id AS publisher,
    day::TIMESTAMP::TIMESTAMPTZ + to_seconds(40 * (n % $per_night)) AS published_at, day AS published_day,
    '+00:00' AS published_zone, 'json-ld' AS published_origin, day::VARCHAR AS published_raw, 'full' AS completeness,
    list_transform(range(128), lambda k: (hash(n, k) % 4294967296)::UINTEGER) AS fingerprint,
    'trafilatura' AS extractor, '2.3.1' AS extractor_version, capture_id, seen_at AS first_seen_at, run_id AS read_run_id,
    'no_date_declared' AS modified_reason
FROM made_articles ORDER BY n;
----
INSERT INTO captures BY NAME
SELECT capture_id, source_id, url, body_sha256 AS sha256, 30000 + draw(n, 11, 60000) AS byte_length, version_id,
    'text/html; charset=utf-8' AS content_type, seen_at AS captured_at, run_id,
    run_id || '/' || source_id || '-00001.warc.gz' AS warc_file, (n % $per_night) // 100 * 20000 AS warc_offset,
    9000 + draw(n, 12, 12000) AS warc_length, '"' || body_sha256[:16] || '"' AS etag,
    seen_at + CASE WHEN draw(n, 10, 10) < 7 THEN INTERVAL 1 DAY ELSE INTERVAL 0 DAY END AS last_seen_at
FROM made_articles ORDER BY n;
----
INSERT INTO stories BY NAME SELECT version_id, key_of('sty', version_id) AS story_id FROM made_articles ORDER BY n;
----
-- What became of links: each article's own, seven tenths of them again a night later, and three rejected ones to ten.
INSERT INTO fetches BY NAME
WITH ended AS (
    SELECT n, n AS asked, source_id, url, link_id, 200 AS status, 'load' AS stage, 'stored' AS outcome, NULL AS reason,
        capture_id, version_id
    FROM made_articles
    UNION ALL
    SELECT n, n + $per_night, source_id, url, link_id, 304, 'fetch', 'unchanged', 'not_modified', capture_id, version_id
    FROM made_articles WHERE draw(n, 10, 10) < 7
    UNION ALL
    SELECT n, n, source_id, url || '/print', key_of('lnk', source_id || chr(31) || url || '/print'), 200, 'clean', 'rejected',
        ['index_page', 'too_short', 'cookie_wall'][1 + n % 3], NULL, NULL
    FROM made_articles WHERE draw(n, 10, 10) >= 7
)
SELECT key_of('fet', run_key(asked, $per_night) || chr(31) || link_id) AS fetch_id, run_key(asked, $per_night) AS run_id,
    source_id, 0 AS batch, link_id, url || '?utm_source=rss' AS url, url AS canonical_url, 'feed' AS found_in,
    'https://' || source_id || '.test/feed' AS found_at, run_start(asked, $per_night) + to_seconds(asked % $per_night) AS requested_at,
    40 + draw(n, 13, 900) AS elapsed_ms, status, url AS final_url, [] AS redirects, 'text/html; charset=utf-8' AS content_type,
    stage, outcome, reason, '' AS detail, capture_id, version_id, 'verified' AS tls, false AS maybe_truncated
FROM ended ORDER BY asked, n;
----
CREATE OR REPLACE TEMP TABLE keyed_mentions AS
SELECT m.*, a.article_id, a.version_id, a.run_id, a.seen_at,
    CASE WHEN place_in_text = 0 THEN 0 ELSE length(lead(m.sentence) OVER own) + 1 END AS begins,
    begins + length(initiator) + 1 AS trigger_at, begins + length(initiator) + length(verb) - 5 AS trigger_end,
    key_of('men', concat_ws(chr(31), a.version_id, trigger_at, trigger_end, m.sub_event_type)) AS mention_id
FROM made_mentions m JOIN made_articles a ON a.n = m.article
WINDOW own AS (PARTITION BY m.article ORDER BY m.place_in_text DESC);
----
INSERT INTO mentions BY NAME
SELECT mention_id, article_id, version_id, begins AS sentence_start, begins + length(sentence) AS sentence_end,
    trigger_at AS trigger_start, trigger_end, event_type, sub_event_type, plover_type, plover_mode, 'happened' AS status,
    false AS aggregate, day AS date_start, day AS date_end, 1 AS date_precision, strftime(day, '%A') AS date_raw,
    'weekday' AS date_reason, place AS place_name, 'made-' || town AS place_id, place AS gazetteer_name, province AS admin1,
    country, latitude, longitude, 1 + draw(n, 14, 3) AS place_precision, 'gazetteer' AS place_reason,
    killed AS killed_low, killed AS killed_best, killed AS killed_high, injured AS injured_low, injured AS injured_best,
    injured AS injured_high, 0.75 AS confidence, 'rules' AS coder, '0.1.0' AS coder_version, run_id AS coded_run_id
FROM keyed_mentions ORDER BY article, place_in_text;
----
INSERT INTO mention_actors BY NAME
SELECT mention_id, 0 AS number, 'initiator' AS role, initiator AS name, 'made-' || one AS actor_id,
    initiator AS canonical_name, group_kind(one) AS kind, country
FROM keyed_mentions ORDER BY article, place_in_text;
----
INSERT INTO mention_actors BY NAME
SELECT mention_id, 1 AS number, 'target' AS role, target AS name, 'made-' || (other + 72) AS actor_id,
    target AS canonical_name, group_kind(other) AS kind, country
FROM keyed_mentions ORDER BY article, place_in_text;
----
INSERT INTO mention_claims BY NAME
SELECT mention_id, 0 AS number, 'a hospital' AS speaker, 'asserts' AS stance, 'toll' AS about, place AS quote,
    begins + length(opening) + 4 AS span_start, begins + length(opening) + 4 + length(place) AS span_end
FROM keyed_mentions WHERE n % 2 = 0 ORDER BY article, place_in_text;
----
INSERT INTO mention_evidence BY NAME
SELECT mention_id, unnest([0, 1, 2, 3]) AS number, unnest(['initiator', 'trigger', 'target', 'place']) AS field,
    unnest([begins, trigger_at, begins + length(initiator) + length(verb), begins + length(opening) + 4]) AS span_start,
    unnest([begins + length(initiator), trigger_end, begins + length(opening), begins + length(opening) + 4 + length(place)]) AS span_end,
    unnest([initiator, verb[2:-6], target, place]) AS quote, unnest(['subject', 'trigger', 'object', 'own sentence']) AS rule
FROM keyed_mentions ORDER BY article, place_in_text;
----
CREATE TEMP TABLE IF NOT EXISTS held_mentions AS FROM keyed_mentions LIMIT 0;
----
-- An event whose second report is among the next stretch is written with that one.
CREATE OR REPLACE TEMP TABLE keyed_events AS
WITH own AS (
    SELECT k.*, key_of('evt', concat_ws(chr(31), article_id, group_of(event_type, sub_event_type),
        day, 'made-' || town, 0)) AS event_id
    FROM (SELECT * FROM keyed_mentions UNION ALL FROM held_mentions) k WHERE place_in_text = 0
)
SELECT o.*, s.mention_id AS second_id
FROM own o LEFT JOIN keyed_mentions s ON s.n = o.n AND s.place_in_text = 1
WHERE o.n % 2 = 1 OR s.mention_id IS NOT NULL OR $last;
----
CREATE OR REPLACE TEMP TABLE held_mentions AS
SELECT k.* FROM keyed_mentions k ANTI JOIN keyed_events e ON e.n = k.n WHERE k.place_in_text = 0;
----
INSERT INTO events BY NAME
SELECT event_id, mention_id AS anchor_mention_id, event_type, sub_event_type, 'happened' AS status, day AS date_start,
    day AS date_end, 1 AS date_precision, place AS place_name, 'made-' || town AS place_id, province AS admin1, country,
    latitude, longitude, 1 + draw(n, 14, 3) AS place_precision, killed AS killed_low, killed AS killed_best,
    killed AS killed_high, injured AS injured_low, injured AS injured_best, injured AS injured_high,
    CASE WHEN second_id IS NULL THEN 1 ELSE 2 END AS mention_count, mention_count AS article_count,
    mention_count AS source_count, mention_count AS family_count, draw(n, 15, 50) = 0 AS disputed,
    'type=majority; date=best_precision; place=best_precision; tolls=most_conservative' AS rules,
    seen_at AS created_at, run_id AS created_run_id, seen_at AS changed_at, run_id AS changed_run_id
FROM keyed_events ORDER BY n;
----
INSERT INTO event_links BY NAME
SELECT event_id, mention_id, 'reports' AS relation, 1.0 AS score, 'anchor' AS rule FROM keyed_events
UNION ALL SELECT event_id, second_id, 'reports', 4.5, 'date+2 place+2' FROM keyed_events WHERE second_id IS NOT NULL;
----
INSERT INTO event_aliases BY NAME
SELECT key_of('evt', 'ended' || n) AS old_event_id, event_id, 'merged' AS why, run_id, seen_at AS ended_at
FROM keyed_events WHERE n % 100 = 0;
----
INSERT INTO tombstones BY NAME
SELECT url AS canonical_url, source_id, 404 AS status, 'not_found' AS reason, true AS standing,
    seen_at + INTERVAL 1 DAY AS first_seen_at, seen_at + INTERVAL 1 DAY AS last_seen_at, run_id AS changed_run_id
FROM made_articles WHERE n % 500 = 0;
----
CREATE OR REPLACE TEMP TABLE made_nights AS
SELECT night, night * $per_night AS n, run_key(night * $per_night, $per_night) AS run_id,
    run_start(night * $per_night, $per_night) AS started_at, night_day(night * $per_night, $per_night) AS day
FROM range($low // $per_night, $high // $per_night) r(night);
----
INSERT INTO runs BY NAME
SELECT run_id, 'nightly' AS origin, day AS window_start, day AS window_end, started_at, '0.1.0+made' AS code_version,
    'done' AS state, started_at + INTERVAL 1 HOUR AS finished_at, 2 * $per_night AS discovered, $per_night AS articles,
    $per_night * 3 // 2 AS mentions, n + $per_night AS events, $per_night AS fetched
FROM made_nights ORDER BY n;
----
INSERT INTO run_sources BY NAME
SELECT run_id, outlet(s) AS source_id, true AS reached, 2 * $per_night // 100 AS discovered, '1 of 1 addresses read' AS detail,
    $per_night // 100 AS new, false AS paused
FROM made_nights, range(100) x(s) ORDER BY n, s;
----
INSERT INTO probes BY NAME
SELECT key_of('prb', concat_ws(chr(31), run_id, outlet(s), 'https://' || outlet(s) || '.test/feed')) AS probe_id, run_id,
    outlet(s) AS source_id, 'feed' AS kind, 'https://' || outlet(s) || '.test/feed' AS url, started_at AS requested_at,
    200 AS status, 40 AS entries, '' AS detail
FROM made_nights, range(100) x(s) ORDER BY n, s;
----
INSERT INTO run_changes BY NAME
SELECT run_id, 'load ' || outlet(s) || ' 0' AS step, table_name, $per_night // 100 AS inserted, 0 AS updated, 0 AS unchanged, 0 AS deleted
FROM made_nights, range(100) x(s), unnest(['article_versions', 'articles', 'captures', 'contents', 'mention_actors',
    'mention_claims', 'mention_evidence', 'mentions', 'tombstones']) t(table_name)
ORDER BY n, s;
