-- What was fetched and what it says: captures, articles, their versions, and the texts.
--
-- Wide text is insert-only and stands apart (contents); what changes every night (articles, captures) is narrow.

CREATE TABLE captures (
    capture_id    VARCHAR NOT NULL,
    source_id     VARCHAR NOT NULL,
    url           VARCHAR NOT NULL,
    sha256        VARCHAR NOT NULL,
    byte_length   BIGINT NOT NULL,
    version_id    VARCHAR,
    content_type  VARCHAR,
    captured_at   TIMESTAMPTZ NOT NULL,
    run_id        VARCHAR NOT NULL,
    warc_file     VARCHAR NOT NULL,
    warc_offset   BIGINT NOT NULL,
    warc_length   BIGINT NOT NULL,
    etag          VARCHAR,
    last_modified VARCHAR,
    last_seen_at  TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE captures IS
    'Raw bytes kept before anything parsed them; one row per canonical URL and content.';
COMMENT ON COLUMN captures.capture_id IS
    'Hash of canonical URL and sha256.';
COMMENT ON COLUMN captures.source_id IS
    'The source whose link first brought it.';
COMMENT ON COLUMN captures.url IS
    'Canonical URL it was fetched for.';
COMMENT ON COLUMN captures.sha256 IS
    'SHA-256 of the decoded body.';
COMMENT ON COLUMN captures.byte_length IS
    'Length of the decoded body in bytes.';
COMMENT ON COLUMN captures.version_id IS
    'The article version read from these bytes by the latest code; NULL where they were rejected.';
COMMENT ON COLUMN captures.content_type IS
    'Content-Type as sent when it was first captured.';
COMMENT ON COLUMN captures.captured_at IS
    'When these bytes were first captured (UTC).';
COMMENT ON COLUMN captures.run_id IS
    'The run that first captured them.';
COMMENT ON COLUMN captures.warc_file IS
    'The archive file, relative to the captures folder.';
COMMENT ON COLUMN captures.warc_offset IS
    'First byte of the gzip member that holds the response.';
COMMENT ON COLUMN captures.warc_length IS
    'Length of that gzip member in bytes.';
COMMENT ON COLUMN captures.etag IS
    'ETag of the newest sighting, sent with the next conditional request.';
COMMENT ON COLUMN captures.last_modified IS
    'Last-Modified of the newest sighting, sent with the next conditional request.';
COMMENT ON COLUMN captures.last_seen_at IS
    'When the address was last seen to hold these bytes (UTC).';
INSERT INTO table_keys VALUES (
    'captures', ['capture_id'], 'last_seen_at',
    [], ['etag', 'last_modified', 'last_seen_at'], [], ['source_id', 'content_type', 'captured_at', 'run_id', 'warc_file', 'warc_offset', 'warc_length'], false
);

CREATE TABLE articles (
    article_id         VARCHAR NOT NULL,
    source_id          VARCHAR NOT NULL,
    canonical_url      VARCHAR NOT NULL,
    current_version_id VARCHAR NOT NULL,
    changed_run_id     VARCHAR NOT NULL,
    first_seen_at      TIMESTAMPTZ NOT NULL,
    last_seen_at       TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE articles IS
    'One row per article of a source: its address and the version that stands.';
COMMENT ON COLUMN articles.article_id IS
    'Hash of source and canonical URL.';
COMMENT ON COLUMN articles.source_id IS
    'The source that published it.';
COMMENT ON COLUMN articles.canonical_url IS
    'Its address as a key.';
COMMENT ON COLUMN articles.current_version_id IS
    'The version seen last; its mentions are the ones events are made of.';
COMMENT ON COLUMN articles.changed_run_id IS
    'The run that made this version the current one.';
COMMENT ON COLUMN articles.first_seen_at IS
    'When it was first seen (UTC).';
COMMENT ON COLUMN articles.last_seen_at IS
    'When it was last seen as it stands (UTC).';
INSERT INTO table_keys VALUES (
    'articles', ['article_id'], 'last_seen_at',
    ['first_seen_at'], ['last_seen_at'], ['changed_run_id'], [], false
);

CREATE TABLE article_versions (
    version_id        VARCHAR NOT NULL,
    article_id        VARCHAR NOT NULL,
    content_sha256    VARCHAR NOT NULL,
    language          VARCHAR NOT NULL,
    authors           VARCHAR[] NOT NULL,
    publisher         VARCHAR,
    section           VARCHAR,
    published_at      TIMESTAMPTZ,
    published_day     DATE,
    published_zone    VARCHAR,
    published_origin  VARCHAR,
    published_raw     VARCHAR,
    published_reason  VARCHAR,
    modified_at       TIMESTAMPTZ,
    modified_day      DATE,
    modified_zone     VARCHAR,
    modified_origin   VARCHAR,
    modified_raw      VARCHAR,
    modified_reason   VARCHAR,
    dateline_place    VARCHAR,
    dateline_agency   VARCHAR,
    dateline_start    INTEGER,
    dateline_end      INTEGER,
    completeness      VARCHAR NOT NULL,
    correction_note   VARCHAR,
    fingerprint       UINTEGER[] NOT NULL,
    extractor         VARCHAR NOT NULL,
    extractor_version VARCHAR NOT NULL,
    capture_id        VARCHAR NOT NULL,
    first_seen_at     TIMESTAMPTZ NOT NULL,
    read_run_id       VARCHAR NOT NULL
);
COMMENT ON TABLE article_versions IS
    'One row per article and content: what a version declares about itself, and who read it. Its text is in contents.';
COMMENT ON COLUMN article_versions.version_id IS
    'Hash of article and content.';
COMMENT ON COLUMN article_versions.article_id IS
    'The article.';
COMMENT ON COLUMN article_versions.content_sha256 IS
    'SHA-256 of title and text; the key of contents.';
COMMENT ON COLUMN article_versions.language IS
    'Language of the text, ISO 639.';
COMMENT ON COLUMN article_versions.authors IS
    'Authors as named, in order.';
COMMENT ON COLUMN article_versions.publisher IS
    'Publisher as the page declares it.';
COMMENT ON COLUMN article_versions.section IS
    'Section of the site as the page declares it.';
COMMENT ON COLUMN article_versions.published_at IS
    'Instant of publication (UTC); NULL where the page gave only a day, or nothing.';
COMMENT ON COLUMN article_versions.published_day IS
    'Day of publication in the page''s own zone, the one a reader saw.';
COMMENT ON COLUMN article_versions.published_zone IS
    'UTC offset the page gave with published_at, e.g. +03:00; NULL where it gave none.';
COMMENT ON COLUMN article_versions.published_origin IS
    'Where published_at was read: json-ld, meta, time, feed, url or text.';
COMMENT ON COLUMN article_versions.published_raw IS
    'The characters published_at was read from.';
COMMENT ON COLUMN article_versions.published_reason IS
    'Why there is no date of publication, or which flag it carries.';
COMMENT ON COLUMN article_versions.modified_at IS
    'Instant of modification (UTC); NULL where the page gave only a day, or nothing.';
COMMENT ON COLUMN article_versions.modified_day IS
    'Day of modification in the page''s own zone, the one a reader saw.';
COMMENT ON COLUMN article_versions.modified_zone IS
    'UTC offset the page gave with modified_at, e.g. +03:00; NULL where it gave none.';
COMMENT ON COLUMN article_versions.modified_origin IS
    'Where modified_at was read: json-ld, meta, time, feed, url or text.';
COMMENT ON COLUMN article_versions.modified_raw IS
    'The characters modified_at was read from.';
COMMENT ON COLUMN article_versions.modified_reason IS
    'Why there is no date of modification, or which flag it carries.';
COMMENT ON COLUMN article_versions.dateline_place IS
    'Place of the dateline, e.g. DEIR EZ-ZOR, Syria.';
COMMENT ON COLUMN article_versions.dateline_agency IS
    'Agency of the dateline.';
COMMENT ON COLUMN article_versions.dateline_start IS
    'First character of the dateline in the text.';
COMMENT ON COLUMN article_versions.dateline_end IS
    'Character after the dateline in the text.';
COMMENT ON COLUMN article_versions.completeness IS
    'How much of the article the page gave: full, partial or live_blog.';
COMMENT ON COLUMN article_versions.correction_note IS
    'The correction or retraction notice, as written.';
COMMENT ON COLUMN article_versions.fingerprint IS
    'MinHash signature over word shingles of the text: 32-bit values.';
COMMENT ON COLUMN article_versions.extractor IS
    'What read the page.';
COMMENT ON COLUMN article_versions.extractor_version IS
    'Its version.';
COMMENT ON COLUMN article_versions.capture_id IS
    'The capture it was first read from.';
COMMENT ON COLUMN article_versions.first_seen_at IS
    'When this version was first seen (UTC).';
COMMENT ON COLUMN article_versions.read_run_id IS
    'The run that wrote this reading.';
INSERT INTO table_keys VALUES (
    'article_versions', ['version_id'], NULL,
    ['first_seen_at'], [], ['read_run_id'], ['capture_id'], false
);

CREATE TABLE contents (
    content_sha256 VARCHAR NOT NULL,
    title          VARCHAR,
    text           VARCHAR NOT NULL
);
COMMENT ON TABLE contents IS
    'The texts, insert-only: one row per title and text, whoever published them.';
COMMENT ON COLUMN contents.content_sha256 IS
    'SHA-256 of title and text.';
COMMENT ON COLUMN contents.title IS
    'Title of the article.';
COMMENT ON COLUMN contents.text IS
    'Text of the article, NFC, a line break between paragraphs; all offsets count its characters from 0.';
INSERT INTO table_keys VALUES (
    'contents', ['content_sha256'], NULL,
    [], [], [], [], false
);

CREATE TABLE stories (
    version_id VARCHAR NOT NULL,
    story_id   VARCHAR NOT NULL
);
COMMENT ON TABLE stories IS
    'Which standing versions tell the same words: syndicated copies and near-duplicates share a story.';
COMMENT ON COLUMN stories.version_id IS
    'The article version.';
COMMENT ON COLUMN stories.story_id IS
    'The group; copies count once.';
INSERT INTO table_keys VALUES (
    'stories', ['version_id'], NULL,
    [], [], [], [], false
);
