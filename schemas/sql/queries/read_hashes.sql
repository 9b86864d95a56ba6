-- A hash over all that resolution reads of each standing mention, cheap enough for every night: of the run that coded it
-- last, its actors, verdicts of people, family, story, day and credit; and of the way marks are made (tasks/resolution/
-- marks.py): with another number all are read again.
SELECT m.mention_id, m.article_id, hash('marks 2', m.version_id, m.coded_run_id, x.told, r.told, v.told) AS read_hash
FROM mentions m
JOIN (
    -- What all mentions of a version share is put together once: there are fewer versions than mentions.
    SELECT v.version_id, hash(coalesce(s.family, a.source_id), st.story_id, v.published_day, v.wire_agency) AS told
    FROM articles a
    JOIN article_versions v ON v.version_id = a.current_version_id
    LEFT JOIN sources s ON s.source_id = a.source_id
    LEFT JOIN stories st ON st.version_id = v.version_id
) v ON v.version_id = m.version_id
LEFT JOIN (SELECT mention_id, sum(hash(role, actor_id, name)) AS told FROM mention_actors GROUP BY mention_id) x
    ON x.mention_id = m.mention_id
LEFT JOIN (SELECT mention_id, sum(hash(v)) AS told FROM review_matches v GROUP BY mention_id) r
    ON r.mention_id = m.mention_id
WHERE (m.status = 'happened' AND NOT m.aggregate) OR m.status = 'denied' OR r.mention_id IS NOT NULL
