-- A hash over all that resolution reads of each standing mention, cheap enough for every night: of the run that coded it
-- last (which moves with its actors, too), verdicts of people, family, story, day and credit; and of the way marks are
-- made (tasks/resolution/marks.py) and the confidence mentions count from: with others all are read again. Rows meet by hashes of their ids, in 64 bits:
-- a third of what the ids themselves take, and no less sure than the hash that comes out.
SELECT m.rowid AS stored_row, m.mention_id, m.article_id, hash('marks 4', coalesce(getvariable('count_from'), 0), m.version_id, m.coded_run_id, r.told, v.told) AS read_hash
FROM mentions m
JOIN (
    -- What all mentions of a version share is put together once: there are fewer versions than mentions.
    SELECT v.version_key, hash(coalesce(s.family, a.source_id), st.story_id, v.published_day, v.wire_agency) AS told
    FROM articles a
    JOIN (SELECT hash(version_id) AS version_key, published_day, wire_agency FROM article_versions) v
        ON v.version_key = hash(a.current_version_id)
    LEFT JOIN sources s ON s.source_id = a.source_id
    LEFT JOIN (SELECT hash(version_id) AS version_key, story_id FROM stories) st ON st.version_key = v.version_key
) v ON v.version_key = hash(m.version_id)
LEFT JOIN (SELECT mention_id, sum(hash(v)) AS told FROM review_matches v GROUP BY mention_id) r
    ON r.mention_id = m.mention_id
WHERE (m.status = 'happened' AND NOT m.aggregate AND m.confidence >= coalesce(getvariable('count_from'), 0)) OR m.status = 'denied' OR r.mention_id IS NOT NULL
