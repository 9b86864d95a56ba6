-- The events something changed about since the last snapshot (`before`), from the keys of changed rows (part.changed):
-- part.touched, and part.touched_names with the names views know them by (tasks/warehouse/publish/incremental_views.py).
CREATE TABLE part.touched AS
WITH articles_of AS (
    SELECT key FROM part.changed WHERE relation = 'articles'
    UNION
    SELECT article_id
    FROM (SELECT article_id, source_id FROM articles UNION ALL SELECT article_id, source_id FROM before.articles)
    WHERE source_id IN (SELECT key FROM part.changed WHERE relation = 'sources')
),
versions_of AS (
    SELECT key FROM part.changed WHERE relation IN ('article_versions', 'stories')
    UNION
    SELECT version_id
    FROM (
        SELECT version_id, content_sha256 FROM article_versions
        UNION ALL SELECT version_id, content_sha256 FROM before.article_versions
    )
    WHERE content_sha256 IN (SELECT key FROM part.changed WHERE relation = 'contents')
),
told AS (
    SELECT mention_id, article_id, version_id FROM mentions
    UNION ALL SELECT mention_id, article_id, version_id FROM before.mentions
),
mentions_of AS (
    SELECT key FROM part.changed
    WHERE relation IN ('mentions', 'mention_actors', 'mention_claims', 'mention_evidence', 'mention_victims', 'review_matches')
    UNION SELECT mention_id FROM told WHERE article_id IN (SELECT key FROM articles_of)
    UNION SELECT mention_id FROM told WHERE version_id IN (SELECT key FROM versions_of)
),
linked AS (
    SELECT event_id, mention_id FROM event_links
    UNION ALL SELECT event_id, mention_id FROM before.event_links
    UNION ALL SELECT event_id, anchor_mention_id FROM events
    UNION ALL SELECT event_id, anchor_mention_id FROM before.events
)
SELECT key AS event_id FROM part.changed WHERE relation IN ('events', 'event_links')
UNION
SELECT event_id FROM linked WHERE mention_id IN (SELECT key FROM mentions_of);

CREATE TABLE part.touched_names AS
SELECT event_id AS name FROM part.touched
UNION ALL SELECT ('0x' || substring(event_id, 5, 15))::BIGINT::VARCHAR FROM part.touched;
