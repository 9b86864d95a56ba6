-- All a page about one article shows, but for the texts: articles that tell of several events, that changed, or that were
-- taken away; of others the page of their event says all there is. Versions that newer code replaced by another reading are marked, and not counted. One row per
-- article whose id lies from $low up to $high; versions and events as JSON.
WITH told AS (
    SELECT m.article_id, list(DISTINCT {event_id: e.event_id, sub_event_type: e.sub_event_type, date_start: e.date_start,
        date_end: e.date_end, date_precision: e.date_precision, place_name: e.place_name, admin1: e.admin1,
        relation: l.relation}) AS events
    FROM event_links l
    JOIN mentions m ON m.mention_id = l.mention_id
    JOIN events e ON e.event_id = l.event_id
    WHERE m.article_id >= $low AND m.article_id < $high
    GROUP BY m.article_id
),
histories AS (
    SELECT v.article_id, count(c.version_id)::INTEGER AS versions, to_json(list({
        version_id: v.version_id, first_seen: v.first_seen_at, title: t.title, language: v.language,
        published_day: v.published_day, published_at: v.published_at, modified_at: v.modified_at,
        completeness: v.completeness, note: v.correction_note, content_sha256: v.content_sha256,
        length: length(t.text), extractor: v.extractor, extractor_version: v.extractor_version,
        capture_id: k.capture_id, sha256: k.sha256, byte_length: k.byte_length, captured_at: k.captured_at,
        warc_file: k.warc_file, warc_offset: k.warc_offset, archive: k.archive,
        superseded: c.version_id IS NULL
    } ORDER BY v.first_seen_at, v.version_id)) AS history
    FROM article_versions v
    JOIN contents t ON t.content_sha256 = v.content_sha256
    JOIN captures k ON k.capture_id = v.capture_id
    LEFT JOIN (SELECT DISTINCT version_id FROM captures) c ON c.version_id = v.version_id
    WHERE v.article_id >= $low AND v.article_id < $high
    GROUP BY v.article_id
)
SELECT a.article_id, a.source_id, coalesce(s.name, a.source_id) AS source, a.canonical_url AS url,
    a.current_version_id, a.first_seen_at, h.versions, h.history, to_json(list_sort(d.events)) AS events,
    g.status AS gone, g.reason AS gone_reason, g.first_seen_at AS gone_since
FROM articles a
JOIN histories h ON h.article_id = a.article_id
LEFT JOIN told d ON d.article_id = a.article_id
LEFT JOIN sources s ON s.source_id = a.source_id
LEFT JOIN tombstones g ON g.canonical_url = a.canonical_url AND g.standing
WHERE a.article_id >= $low AND a.article_id < $high AND (len(d.events) > 1 OR h.versions > 1 OR g.status IS NOT NULL);
