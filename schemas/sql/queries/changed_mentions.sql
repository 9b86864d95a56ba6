-- Mentions that a reprocess added, dropped or reads otherwise. One is known again by its article, its sub-type and the
-- words of its sentence: ids change with the text around it. Actors, claims and victims count as fields.
WITH pages AS (
    SELECT DISTINCT capture_id, source_id, canonical_url FROM fetches
    WHERE run_id = $run_id AND capture_id IS NOT NULL
),
was AS (
    SELECT p.source_id, p.canonical_url, m.*,
        substring(t.text, m.sentence_start + 1, m.sentence_end - m.sentence_start) AS sentence,
        coalesce((SELECT list(a.role || ': ' || a.name ORDER BY a.number) FROM before.mention_actors a
            WHERE a.mention_id = m.mention_id), []) AS actors,
        coalesce((SELECT list(x.stance || ': ' || x.quote ORDER BY x.number) FROM before.mention_claims x
            WHERE x.mention_id = m.mention_id), []) AS claims,
        coalesce((SELECT list(concat_ws(' ', x.toll, x.side, x.kind, x.subgroup) || ': ' || x.quote ORDER BY x.number)
            FROM before.mention_victims x WHERE x.mention_id = m.mention_id), []) AS victims
    FROM pages p JOIN before.captures c ON c.capture_id = p.capture_id
    JOIN before.article_versions v ON v.version_id = c.version_id
    JOIN before.contents t ON t.content_sha256 = v.content_sha256
    JOIN before.mentions m ON m.version_id = c.version_id
),
is_now AS (
    SELECT p.source_id, p.canonical_url, m.*,
        substring(t.text, m.sentence_start + 1, m.sentence_end - m.sentence_start) AS sentence,
        coalesce((SELECT list(a.role || ': ' || a.name ORDER BY a.number) FROM mention_actors a
            WHERE a.mention_id = m.mention_id), []) AS actors,
        coalesce((SELECT list(x.stance || ': ' || x.quote ORDER BY x.number) FROM mention_claims x
            WHERE x.mention_id = m.mention_id), []) AS claims,
        coalesce((SELECT list(concat_ws(' ', x.toll, x.side, x.kind, x.subgroup) || ': ' || x.quote ORDER BY x.number)
            FROM mention_victims x WHERE x.mention_id = m.mention_id), []) AS victims
    FROM pages p JOIN captures c ON c.capture_id = p.capture_id
    JOIN article_versions v ON v.version_id = c.version_id
    JOIN contents t ON t.content_sha256 = v.content_sha256
    JOIN mentions m ON m.version_id = c.version_id
),
was_told AS (
    SELECT source_id, canonical_url, mention_id, article_id, sub_event_type, sentence,
        row_number() OVER (PARTITION BY article_id, sub_event_type, sentence ORDER BY trigger_start, mention_id) AS nth,
        to_json(was)::VARCHAR AS told
    FROM was
),
now_told AS (
    SELECT source_id, canonical_url, mention_id, article_id, sub_event_type, sentence,
        row_number() OVER (PARTITION BY article_id, sub_event_type, sentence ORDER BY trigger_start, mention_id) AS nth,
        to_json(is_now)::VARCHAR AS told
    FROM is_now
)
SELECT coalesce(n.source_id, w.source_id) AS source_id, coalesce(n.canonical_url, w.canonical_url) AS url,
    coalesce(n.mention_id, w.mention_id) AS subject_id, w.told AS old, n.told AS new
FROM was_told w FULL JOIN now_told n
    ON n.article_id = w.article_id AND n.sub_event_type = w.sub_event_type AND n.sentence = w.sentence AND n.nth = w.nth
WHERE w.told IS DISTINCT FROM n.told
ORDER BY ALL;
