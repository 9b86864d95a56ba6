-- What a run remembers: how sources fared, what their addresses answered last, what is gone, what must not come back.

CREATE TABLE source_states (
    source_id        VARCHAR NOT NULL,
    last_asked_at    TIMESTAMPTZ NOT NULL,
    last_success_at  TIMESTAMPTZ,
    last_new_item_at TIMESTAMPTZ,
    failure_points   DOUBLE NOT NULL,
    paused_until     TIMESTAMPTZ,
    pause_reason     VARCHAR NOT NULL
);
COMMENT ON TABLE source_states IS
    'How each source fared up to its last run: what the next run''s window and a pause are made from.';
COMMENT ON COLUMN source_states.source_id IS
    'The source.';
COMMENT ON COLUMN source_states.last_asked_at IS
    'Start of the last run that asked it (UTC).';
COMMENT ON COLUMN source_states.last_success_at IS
    'Start of the last finished run that could read one of its addresses (UTC); NULL if none did.';
COMMENT ON COLUMN source_states.last_new_item_at IS
    'Start of the last run in which it offered a link not met before (UTC).';
COMMENT ON COLUMN source_states.failure_points IS
    'Weighted failures since the last success.';
COMMENT ON COLUMN source_states.paused_until IS
    'Not asked before this instant (UTC); NULL where it is not paused.';
COMMENT ON COLUMN source_states.pause_reason IS
    'Why it is paused, for people; empty where it is not.';
INSERT INTO table_keys VALUES (
    'source_states', ['source_id'], NULL,
    [], [], [], [], true
);

CREATE TABLE addresses (
    source_id     VARCHAR NOT NULL,
    url           VARCHAR NOT NULL,
    kind          VARCHAR NOT NULL,
    etag          VARCHAR,
    last_modified VARCHAR,
    read_run_id   VARCHAR NOT NULL,
    read_at       TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE addresses IS
    'The last whole answer of each feed, sitemap and section page: what the next request is made conditional on.';
COMMENT ON COLUMN addresses.source_id IS
    'The source.';
COMMENT ON COLUMN addresses.url IS
    'The address as configured, or as a sitemap index names it.';
COMMENT ON COLUMN addresses.kind IS
    'feed, sitemap, section, list or wordpress.';
COMMENT ON COLUMN addresses.etag IS
    'ETag of that answer.';
COMMENT ON COLUMN addresses.last_modified IS
    'Last-Modified of that answer.';
COMMENT ON COLUMN addresses.read_run_id IS
    'The run that read it; the links it gave are in fetches under that run.';
COMMENT ON COLUMN addresses.read_at IS
    'When it was read (UTC).';
INSERT INTO table_keys VALUES (
    'addresses', ['source_id', 'url'], 'read_at',
    [], [], [], [], true
);

CREATE TABLE tombstones (
    canonical_url VARCHAR NOT NULL,
    source_id     VARCHAR NOT NULL,
    status        INTEGER NOT NULL,
    reason        VARCHAR NOT NULL,
    standing      BOOLEAN NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    last_seen_at  TIMESTAMPTZ NOT NULL,
    changed_run_id VARCHAR NOT NULL
);
COMMENT ON TABLE tombstones IS
    'Pages we hold that their publisher took away: one row per address, standing until the page returns.';
COMMENT ON COLUMN tombstones.canonical_url IS
    'The address.';
COMMENT ON COLUMN tombstones.source_id IS
    'The source whose link was asked for.';
COMMENT ON COLUMN tombstones.status IS
    'The HTTP status that said so: 404, 410 or 451.';
COMMENT ON COLUMN tombstones.reason IS
    'not_found, gone or legal.';
COMMENT ON COLUMN tombstones.standing IS
    'False where the page has returned since.';
COMMENT ON COLUMN tombstones.first_seen_at IS
    'When it was first found gone (UTC).';
COMMENT ON COLUMN tombstones.last_seen_at IS
    'When it was last found gone, or found to have returned (UTC).';
COMMENT ON COLUMN tombstones.changed_run_id IS
    'The run that set or lifted it last.';
INSERT INTO table_keys VALUES (
    'tombstones', ['canonical_url'], 'last_seen_at',
    ['first_seen_at'], ['last_seen_at'], ['changed_run_id'], [], false
);

CREATE TABLE suppressions (
    kind          VARCHAR NOT NULL,
    value         VARCHAR NOT NULL,
    reason        VARCHAR NOT NULL,
    suppressed_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE suppressions IS
    'What was erased and must not come back.';
COMMENT ON COLUMN suppressions.kind IS
    'url or sha256.';
COMMENT ON COLUMN suppressions.value IS
    'A canonical URL, or the SHA-256 of a decoded body.';
COMMENT ON COLUMN suppressions.reason IS
    'Why, in words.';
COMMENT ON COLUMN suppressions.suppressed_at IS
    'Since when (UTC).';
INSERT INTO table_keys VALUES (
    'suppressions', ['kind', 'value'], NULL,
    [], [], [], ['suppressed_at'], false
);
