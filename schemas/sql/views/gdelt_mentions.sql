-- title: Mentions in the shape of GDELT 2.0's mentions table
-- grain: one row per event and mention; GDELT's 16 columns in file order
-- columns:
--   GLOBALEVENTID: A number made of event_id; permanent.
--   EventTimeDate: When the event first entered the warehouse, YYYYMMDDHHMMSS (UTC).
--   MentionTimeDate: When the article was first seen, YYYYMMDDHHMMSS (UTC).
--   MentionType: Always 1: a page of the web.
--   MentionSourceName: Host of the article's address.
--   MentionIdentifier: Address of the article.
--   SentenceID: Number of the paragraph, from 1: sentences are kept by their characters, see Extras.
--   Actor1CharOffset: First character of the initiator as named; -1 where none is.
--   Actor2CharOffset: First character of the target as named; -1 where none is.
--   ActionCharOffset: First character of the words that tell of the event.
--   InRawText: Always 1: every value stands in the unaltered text.
--   Confidence: The coder's own, in percent.
--   MentionDocLen: Characters of the text.
--   MentionDocTone: Always NULL: no tone is measured.
--   MentionDocTranslationInfo: Always empty: nothing is translated.
--   Extras: JSON: ids of event, mention and version, relation, and first and last character of the sentence.
WITH named AS (
    SELECT
        mention_id,
        min(span_start) FILTER (field = 'initiator') AS initiator_at,
        min(span_start) FILTER (field = 'target') AS target_at
    FROM mention_evidence
    GROUP BY mention_id
)
SELECT
    ('0x' || substring(e.event_id, 5, 15))::BIGINT AS GLOBALEVENTID,
    strftime(e.created_at, '%Y%m%d%H%M%S') AS EventTimeDate,
    strftime(v.first_seen_at, '%Y%m%d%H%M%S') AS MentionTimeDate,
    1 AS MentionType,
    regexp_extract(a.canonical_url, '^[a-z]+://([^/:]+)', 1) AS MentionSourceName,
    a.canonical_url AS MentionIdentifier,
    (1 + length(substring(t.text, 1, m.sentence_start)) - length(replace(substring(t.text, 1, m.sentence_start), chr(10), '')))::INTEGER
        AS SentenceID,
    coalesce(n.initiator_at, -1) AS Actor1CharOffset,
    coalesce(n.target_at, -1) AS Actor2CharOffset,
    m.trigger_start AS ActionCharOffset,
    1 AS InRawText,
    round(100 * m.confidence)::INTEGER AS Confidence,
    length(t.text)::INTEGER AS MentionDocLen,
    NULL::DOUBLE AS MentionDocTone,
    '' AS MentionDocTranslationInfo,
    to_json({'event_id': e.event_id, 'mention_id': m.mention_id, 'version_id': m.version_id, 'relation': l.relation,
             'sentence_start': m.sentence_start, 'sentence_end': m.sentence_end})::VARCHAR AS Extras
FROM event_links l
JOIN events e ON e.event_id = l.event_id
JOIN mentions m ON m.mention_id = l.mention_id
JOIN articles a ON a.article_id = m.article_id
JOIN article_versions v ON v.version_id = m.version_id
JOIN contents t ON t.content_sha256 = v.content_sha256
LEFT JOIN named n ON n.mention_id = m.mention_id
ORDER BY e.event_id, m.mention_id
