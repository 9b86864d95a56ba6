-- What resolution would have kept of the made mentions, so that a night finds the warehouse as any night does.
-- What stands between braces is the product's own query of the standing mentions.
INSERT INTO resolved_mentions BY NAME
WITH standing AS ({standing})
SELECT s.*, hash(s) AS read_hash, s.date_start AS first_day, s.date_end AS last_day,
    list_distinct(list_transform(string_split(substring(t.text, m.sentence_start + 1, m.sentence_end - m.sentence_start), ' '),
        lambda word: (hash(word) % 4294967296)::UINTEGER)) AS words,
    [(hash(s.place_name) % 4294967296)::UINTEGER] AS names,
    key_of('evt', concat_ws(chr(31), s.article_id, s.type_group, s.date_start, s.place_id, s.number)) AS own_event_id,
    l.event_id AS cluster_id
FROM standing s
JOIN mentions m ON m.mention_id = s.mention_id
JOIN article_versions v ON v.version_id = s.version_id
JOIN contents t ON t.content_sha256 = v.content_sha256
JOIN event_links l ON l.mention_id = s.mention_id
----
UPDATE stories SET read_hash = hash('{scheme}', coalesce(v.published_day, v.first_seen_at::DATE))
FROM article_versions v WHERE v.version_id = stories.version_id
