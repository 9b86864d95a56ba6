-- title: Articles whose publisher took their page away
-- grain: one row per article whose address has answered 404, 410 or 451 since we read it, and has not returned
-- columns:
--   article_id: The article.
--   source_id: The source that published it.
--   canonical_url: Its address as a key.
--   title: Its title as it stood last.
--   status: The HTTP status that said so.
--   reason: not_found, gone or legal.
--   gone_since: When it was first found gone (UTC).
--   last_seen_gone_at: When it was last found gone (UTC).
SELECT a.article_id, a.source_id, a.canonical_url, c.title, t.status, t.reason,
    t.first_seen_at AS gone_since, t.last_seen_at AS last_seen_gone_at
FROM tombstones t
JOIN captures k ON k.url = t.canonical_url
JOIN article_versions v ON v.version_id = k.version_id
JOIN articles a ON a.article_id = v.article_id AND a.current_version_id = v.version_id
JOIN contents c ON c.content_sha256 = v.content_sha256
WHERE t.standing
QUALIFY row_number() OVER (PARTITION BY a.article_id ORDER BY t.last_seen_at DESC, t.canonical_url) = 1
ORDER BY gone_since DESC, a.article_id
