-- The next of what is to be resolved, by day: what lies near in time is read together. With each the names of the actors
-- its text tells of that are known by an id, of its outlet and of the agency it credits.
WITH part AS MATERIALIZED (FROM firstdraft_to_resolve ORDER BY about_day NULLS FIRST, changed_id LIMIT $size OFFSET $done),
known AS (
    SELECT version_id, list_sort(list(DISTINCT name)) AS known_actors
    FROM (
        SELECT m.version_id, unnest([x.name, coalesce(x.canonical_name, x.name)]) AS name
        FROM mentions m JOIN mention_actors x ON x.mention_id = m.mention_id
        WHERE m.version_id IN (SELECT version_id FROM part) AND x.actor_id IS NOT NULL
    )
    GROUP BY version_id
),
-- Texts are wide: which rows they are in is found first, so that no others are read.
versions AS MATERIALIZED (
    SELECT version_id, wire_agency, content_sha256 FROM article_versions
    WHERE version_id IN (SELECT version_id FROM part)
),
text_rows AS MATERIALIZED (
    SELECT rowid AS stored_row, content_sha256 FROM contents
    WHERE content_sha256 IN (SELECT content_sha256 FROM versions)
),
texts AS MATERIALIZED (
    SELECT r.content_sha256, t.text FROM text_rows r JOIN contents t ON t.rowid = r.stored_row
)
SELECT c.* EXCLUDE (changed_id, about_day), c.changed_id, m.sentence_start, m.sentence_end, t.text,
    list_filter(list_concat(coalesce(k.known_actors, []), [s.name, v.wire_agency]), lambda n: n IS NOT NULL) AS known_actors
FROM part c
LEFT JOIN mentions m ON m.mention_id = c.mention_id
LEFT JOIN versions v ON v.version_id = c.version_id
LEFT JOIN texts t ON t.content_sha256 = v.content_sha256
LEFT JOIN known k ON k.version_id = c.version_id
LEFT JOIN sources s ON s.source_id = c.source_id
ORDER BY c.changed_id;
