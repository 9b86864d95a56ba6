-- title: The characters every value of an event was read from
-- grain: one row per event, mention and piece of evidence
-- columns:
--   event_id: The event.
--   mention_id: The mention.
--   relation: reports, repeats or denies.
--   field: The field the characters support.
--   quote: The characters: text[span_start:span_end].
--   span_start: First character in the text of the version.
--   span_end: Character after the last.
--   rule: How the value came from the quote.
--   coder: Who chose the characters, with the version: rules, or llm:<model> with its prompt.
--   version_id: The article version; its text is in contents.
--   content_sha256: Key of that text.
--   url: Address of the article.
SELECT
    l.event_id,
    l.mention_id,
    l.relation,
    e.field,
    e.quote,
    e.span_start,
    e.span_end,
    e.rule,
    coalesce(nullif(e.coder, ''), m.coder || ' ' || m.coder_version) AS coder,
    m.version_id,
    v.content_sha256,
    a.canonical_url AS url
FROM event_links l
JOIN mention_evidence e ON e.mention_id = l.mention_id
JOIN mentions m ON m.mention_id = l.mention_id
JOIN article_versions v ON v.version_id = m.version_id
JOIN articles a ON a.article_id = m.article_id
ORDER BY l.event_id, l.mention_id, e.number
