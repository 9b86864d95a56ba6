-- All a page about one event shows: its fields, actors, reports with their sentences in context, statements, evidence and
-- the way down to the bytes, what earlier versions of the same articles said, and the ids that led here. One row per
-- event whose id lies from $low up to $high; wide parts as JSON. Spans are offsets into the text of the version.
WITH linked AS (
    SELECT l.event_id, l.mention_id, l.relation, l.rule AS link_rule, m.article_id, m.version_id, m.sentence_start,
        m.sentence_end, greatest(m.sentence_start - 320, 0) AS context_start, m.event_type, m.place_id, r.status,
        m.cause, m.weapon, r.killed_low, r.killed_best, r.killed_high, m.killed_who, r.injured_low, r.injured_best,
        r.injured_high, m.injured_who, r.detained_low, r.detained_best, r.detained_high, r.displaced_low,
        r.displaced_best, r.displaced_high, m.coder, m.coder_version, m.coded_run_id, r.reviewed, r.reviewed_at
    FROM event_links l
    JOIN mentions m ON m.mention_id = l.mention_id
    JOIN mentions_reviewed r ON r.mention_id = l.mention_id
    WHERE l.event_id >= $low AND l.event_id < $high
),
statements AS (
    SELECT mention_id, list({
        speaker: speaker, stance: stance, about: about, quote: quote, start: span_start, stop: span_end
    } ORDER BY number) AS statements
    FROM mention_claims
    WHERE mention_id IN (SELECT mention_id FROM linked)
    GROUP BY mention_id
),
evidence AS (
    SELECT mention_id, list({
        field: field, quote: quote, start: span_start, stop: span_end, rule: rule
    } ORDER BY number) AS evidence
    FROM mention_evidence
    WHERE mention_id IN (SELECT mention_id FROM linked)
    GROUP BY mention_id
),
histories AS (
    SELECT article_id, count(*)::INTEGER AS versions, max(first_seen_at) AS last_version_at
    FROM article_versions
    WHERE article_id IN (SELECT article_id FROM linked)
        AND version_id IN (SELECT version_id FROM captures)
    GROUP BY article_id
),
-- Which articles have a page of their own: those of site_articles.
several AS (
    SELECT m.article_id, count(DISTINCT l.event_id) > 1 AS events
    FROM event_links l
    JOIN mentions m ON m.mention_id = l.mention_id
    WHERE m.article_id IN (SELECT article_id FROM linked)
    GROUP BY m.article_id
),
earlier AS (
    SELECT l.mention_id, list({
        version_id: m.version_id, seen: v.first_seen_at, killed_low: m.killed_low, killed_best: m.killed_best,
        killed_high: m.killed_high, injured_low: m.injured_low, injured_best: m.injured_best,
        injured_high: m.injured_high
    } ORDER BY v.first_seen_at, m.mention_id) AS earlier
    FROM linked l
    JOIN mentions m ON m.article_id = l.article_id AND m.version_id <> l.version_id AND m.event_type = l.event_type
        AND m.place_id IS NOT DISTINCT FROM l.place_id
    JOIN article_versions v ON v.version_id = m.version_id AND v.version_id IN (SELECT version_id FROM captures)
    JOIN article_versions w ON w.version_id = l.version_id AND v.first_seen_at < w.first_seen_at
    GROUP BY l.mention_id
),
brought AS (
    SELECT f.capture_id, arg_min({
        url: f.url, final_url: f.final_url, status: f.status, requested: f.requested_at, found_in: f.found_in,
        found_at: f.found_at, run_id: f.run_id
    }, (f.requested_at, f.fetch_id)) AS request
    FROM fetches f
    WHERE f.capture_id IN (
        SELECT v.capture_id FROM article_versions v WHERE v.version_id IN (SELECT version_id FROM linked))
    GROUP BY f.capture_id
),
-- Structs this wide are made to text before they are put in lists: a list of them costs five times as much.
told AS (
    SELECT
        l.event_id, l.relation, v.published_at, l.mention_id,
        to_json({
            mention_id: l.mention_id, relation: l.relation, link_rule: l.link_rule, article_id: l.article_id,
            version_id: l.version_id, source_id: a.source_id, source: coalesce(s.name, a.source_id),
            family: coalesce(s.family, a.source_id), url: a.canonical_url, title: t.title, language: v.language,
            published_day: v.published_day, published_at: v.published_at, current: l.version_id = a.current_version_id,
            versions: h.versions, page: h.versions > 1 OR n.events OR g.status IS NOT NULL, last_version_at: h.last_version_at, note: v.correction_note,
            completeness: v.completeness, sentence_start: l.sentence_start, sentence_end: l.sentence_end,
            context_start: l.context_start,
            context: substring(t.text, l.context_start + 1, l.sentence_end - l.context_start + 320),
            text_length: length(t.text), status: l.status, cause: l.cause, weapon: l.weapon,
            killed_low: l.killed_low, killed_best: l.killed_best, killed_high: l.killed_high, killed_who: l.killed_who,
            injured_low: l.injured_low, injured_best: l.injured_best, injured_high: l.injured_high,
            injured_who: l.injured_who, detained_low: l.detained_low, detained_best: l.detained_best,
            detained_high: l.detained_high, displaced_low: l.displaced_low, displaced_best: l.displaced_best,
            displaced_high: l.displaced_high, coder: l.coder, coder_version: l.coder_version,
            coded_run_id: l.coded_run_id, reviewed: l.reviewed, reviewed_at: l.reviewed_at, statements: c.statements, evidence: e.evidence, earlier: o.earlier,
            content_sha256: v.content_sha256, extractor: v.extractor, extractor_version: v.extractor_version,
            capture_id: k.capture_id, sha256: k.sha256, byte_length: k.byte_length, captured_at: k.captured_at,
            warc_file: k.warc_file, warc_offset: k.warc_offset, archive: k.archive, archived_at: k.archived_at,
            request: b.request, gone: g.status, gone_since: g.first_seen_at
        })::VARCHAR AS report
    FROM linked l
    JOIN articles a ON a.article_id = l.article_id
    JOIN article_versions v ON v.version_id = l.version_id
    JOIN contents t ON t.content_sha256 = v.content_sha256
    JOIN captures k ON k.capture_id = v.capture_id
    JOIN histories h ON h.article_id = l.article_id
    JOIN several n ON n.article_id = l.article_id
    LEFT JOIN sources s ON s.source_id = a.source_id
    LEFT JOIN statements c ON c.mention_id = l.mention_id
    LEFT JOIN evidence e ON e.mention_id = l.mention_id
    LEFT JOIN earlier o ON o.mention_id = l.mention_id
    LEFT JOIN brought b ON b.capture_id = v.capture_id
    LEFT JOIN tombstones g ON g.canonical_url = a.canonical_url AND g.standing
),
reports AS (
    SELECT event_id, '[' || string_agg(report, ',' ORDER BY relation = 'denies', relation = 'repeats',
        published_at NULLS LAST, mention_id) || ']' AS reports
    FROM told
    GROUP BY event_id
),
sides AS (
    SELECT event_id, to_json(list({role: role, actor_id: actor_id, name: name, kind: kind, country: country} ORDER BY role, rank)) AS actors
    FROM event_actors
    WHERE event_id >= $low AND event_id < $high
    GROUP BY event_id
),
states AS (
    SELECT event_id, to_json(list({
        since: valid_from, run_id: valid_from_run, why: came_by, fields: fields, killed_low: killed_low,
        killed_best: killed_best, killed_high: killed_high, injured_low: injured_low, injured_best: injured_best,
        injured_high: injured_high
    } ORDER BY valid_from)) AS states
    FROM event_history
    WHERE event_id >= $low AND event_id < $high
    GROUP BY event_id
),
judged AS (
    SELECT event_id, to_json(list({
        mention_id: mention_id, field: field, verdict: verdict, said: said, value: value, note: note, reviewed: reviewed_at
    } ORDER BY reviewed_at, mention_id, field)) AS reviews
    FROM event_reviews
    WHERE event_id >= $low AND event_id < $high
    GROUP BY event_id
),
victims AS (
    SELECT event_id, to_json(list({
        toll: toll, side: side, kind: kind, subgroup: subgroup, low: low, best: best, high: high, open: open,
        adds_up: adds_up, words: words, mention_id: mention_id, confidence: confidence
    } ORDER BY toll <> 'killed', toll <> 'injured', toll, kind, side NULLS LAST, subgroup NULLS FIRST)) AS victims
    FROM event_victims
    WHERE event_id >= $low AND event_id < $high
    GROUP BY event_id
),
-- The last events before this one at the same place, and of the same side that acted.
neighbours AS (
    SELECT event_id,
        list({event_id: event_id, day: date_start, kind: sub_event_type, killed: killed_best, place: place_name})
            OVER here AS before_here,
        list({event_id: event_id, day: date_start, kind: sub_event_type, killed: killed_best, place: place_name})
            OVER by_side AS before_by
    FROM (
        SELECT e.event_id, e.date_start, e.sub_event_type, e.killed_best, e.place_name,
            coalesce(e.place_id, e.event_id) AS place_key, coalesce(h.initiator, e.event_id) AS side_key
        FROM events e LEFT JOIN event_heads h ON h.event_id = e.event_id
        WHERE e.date_start IS NOT NULL
    )
    WINDOW here AS (PARTITION BY place_key ORDER BY date_start, event_id ROWS BETWEEN 5 PRECEDING AND 1 PRECEDING),
        by_side AS (PARTITION BY side_key ORDER BY date_start, event_id ROWS BETWEEN 5 PRECEDING AND 1 PRECEDING)
),
former AS (
    SELECT event_id, to_json(list({old: old_event_id, why: why, ended: ended_at} ORDER BY ended_at, old_event_id)) AS former
    FROM event_aliases
    WHERE event_id >= $low AND event_id < $high
    GROUP BY event_id
)
SELECT e.event_id, e.event_type, e.sub_event_type, e.status, e.date_start, e.date_end, e.date_precision, e.place_name,
    e.place_id, e.admin1, e.admin2, coalesce(c.name, e.country) AS country, e.latitude, e.longitude, e.place_precision,
    e.killed_low, e.killed_best, e.killed_high, e.killed_open, e.injured_low, e.injured_best, e.injured_high, e.injured_open,
    e.detained_low, e.detained_best, e.detained_high, e.detained_open, e.displaced_low, e.displaced_best, e.displaced_high,
    e.displaced_open, e.mention_count, e.article_count, e.source_count, e.family_count, e.disputed, e.differs, e.rules, e.created_at, e.created_run_id,
    e.changed_at, e.changed_run_id, x.actors, r.reports, f.former, h.states, j.reviews,
    k.initiator, k.target, k.target_kind, k.object, k.weapon, k.deniers, k.title, k.source_name, w.victims,
    to_json(n.before_here) AS before_here, to_json(n.before_by) AS before_by
FROM events e
LEFT JOIN countries c ON c.country = e.country
LEFT JOIN sides x ON x.event_id = e.event_id
LEFT JOIN reports r ON r.event_id = e.event_id
LEFT JOIN former f ON f.event_id = e.event_id
LEFT JOIN states h ON h.event_id = e.event_id
LEFT JOIN judged j ON j.event_id = e.event_id
LEFT JOIN event_heads k ON k.event_id = e.event_id
LEFT JOIN victims w ON w.event_id = e.event_id
LEFT JOIN neighbours n ON n.event_id = e.event_id
WHERE e.event_id >= $low AND e.event_id < $high;
