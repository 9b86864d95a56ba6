-- The mentions behind an event, each with its outlet, its sentence and the page it stands in.
SELECT l.mention_id, l.relation, l.score, s.source_name, s.url, s.title, s.published_day, m.status, m.killed_low,
    m.killed_best, m.killed_high, m.injured_low, m.injured_best, m.injured_high, m.confidence, m.coder, m.coder_version,
    substring(t.text, m.sentence_start + 1, m.sentence_end - m.sentence_start) AS sentence, m.version_id, v.content_sha256
FROM event_links l
JOIN mentions m ON m.mention_id = l.mention_id
JOIN article_versions v ON v.version_id = m.version_id
JOIN contents t ON t.content_sha256 = v.content_sha256
LEFT JOIN event_sources s ON s.event_id = l.event_id AND s.article_id = m.article_id
WHERE l.event_id = $event_id
ORDER BY l.relation, s.published_day NULLS LAST, l.mention_id
LIMIT $most;
