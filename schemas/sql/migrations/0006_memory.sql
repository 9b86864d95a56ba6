-- What a run remembers: how sources fared, what their addresses answered last, what is gone, what must not come back.

CREATE TABLE source_states (
    source_id        VARCHAR NOT NULL,
    last_asked_at    TIMESTAMPTZ NOT NULL,
    last_success_at  TIMESTAMPTZ,
    last_new_item_at TIMESTAMPTZ,
    failure_points   DOUBLE NOT NULL,
    paused_until     TIMESTAMPTZ,
    pause_reason     VARCHAR NOT NULL,
    pauses           INTEGER NOT NULL
);
COMMENT ON TABLE source_states IS
    'How each source fared up to its last finished run: what the next run''s window and a pause are made from.';
COMMENT ON COLUMN source_states.source_id IS
    'The source.';
COMMENT ON COLUMN source_states.last_asked_at IS
    'Start of the last finished run that asked it (UTC).';
COMMENT ON COLUMN source_states.last_success_at IS
    'Start of the last finished run that could read one of its addresses (UTC); NULL if none did.';
COMMENT ON COLUMN source_states.last_new_item_at IS
    'Start of the last run in which it offered a link of the window not met before (UTC).';
COMMENT ON COLUMN source_states.failure_points IS
    'Weighted failures since the last success (seeds/failure_points.csv).';
COMMENT ON COLUMN source_states.paused_until IS
    'Not asked by nightly runs before this instant (UTC); NULL where it is not paused.';
COMMENT ON COLUMN source_states.pause_reason IS
    'Why it is paused, for people; empty where it is not.';
COMMENT ON COLUMN source_states.pauses IS
    'Pauses since the last success; each is twice as long as the one before.';
INSERT INTO table_keys VALUES (
    'source_states', ['source_id'], NULL,
    [], [], [], [], true
);

CREATE TABLE addresses (
    source_id     VARCHAR NOT NULL,
    url           VARCHAR NOT NULL,
    run_id        VARCHAR NOT NULL,
    kind          VARCHAR NOT NULL,
    etag          VARCHAR,
    last_modified VARCHAR,
    reader        VARCHAR NOT NULL,
    read_run_id   VARCHAR NOT NULL,
    read_at       TIMESTAMPTZ NOT NULL,
    window_start  DATE NOT NULL,
    answered_at   TIMESTAMPTZ NOT NULL,
    link_ids      VARCHAR[] NOT NULL
);
COMMENT ON TABLE addresses IS
    'The last good answer of each feed, sitemap and section page: what the next request is made conditional on. A run''s rows replace those of earlier runs when it is closed, and go with it if it is abandoned.';
COMMENT ON COLUMN addresses.source_id IS
    'The source.';
COMMENT ON COLUMN addresses.url IS
    'The address as configured, or as a sitemap index names it.';
COMMENT ON COLUMN addresses.run_id IS
    'The run that was answered.';
COMMENT ON COLUMN addresses.kind IS
    'feed, sitemap, section or list.';
COMMENT ON COLUMN addresses.etag IS
    'ETag of the last answer with a body, if it was whole and read well.';
COMMENT ON COLUMN addresses.last_modified IS
    'Last-Modified of that answer.';
COMMENT ON COLUMN addresses.reader IS
    'What read it: version of the code, and the selector of a section.';
COMMENT ON COLUMN addresses.read_run_id IS
    'The run that read it; the links it gave are in fetches under that run.';
COMMENT ON COLUMN addresses.read_at IS
    'When it was read (UTC).';
COMMENT ON COLUMN addresses.window_start IS
    'First day of the window its links were chosen for.';
COMMENT ON COLUMN addresses.answered_at IS
    'When it last answered, "not modified" included (UTC).';
COMMENT ON COLUMN addresses.link_ids IS
    'The links it gave when it was read, in order.';
INSERT INTO table_keys VALUES (
    'addresses', ['source_id', 'url', 'run_id'], 'answered_at',
    [], [], [], [], true
);

ALTER TABLE fetches ADD COLUMN modified_raw VARCHAR;
COMMENT ON COLUMN fetches.modified_raw IS
    'The date of its last change as the feed or sitemap wrote it.';

ALTER TABLE run_sources ADD COLUMN new INTEGER;
COMMENT ON COLUMN run_sources.new IS
    'Links of the window that no run had met before, counted when the run was closed; NULL where nobody counted.';
ALTER TABLE run_sources ADD COLUMN paused BOOLEAN;
COMMENT ON COLUMN run_sources.paused IS
    'Whether it was left alone after long failure.';

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

ALTER TABLE fetches ADD COLUMN tls VARCHAR;
COMMENT ON COLUMN fetches.tls IS
    'verified or unverified: whether the certificate of the host was checked; NULL where the answer did not come by TLS.';
ALTER TABLE fetches ADD COLUMN robots_tag VARCHAR;
COMMENT ON COLUMN fetches.robots_tag IS
    'X-Robots-Tag or meta robots of the answer, as sent; NULL where it had none.';
ALTER TABLE fetches ADD COLUMN tdm_reservation VARCHAR;
COMMENT ON COLUMN fetches.tdm_reservation IS
    'tdm-reservation of the answer, header or meta element, as sent (W3C TDMRep): 1 reserves the rights of text and data mining.';
ALTER TABLE fetches ADD COLUMN maybe_truncated BOOLEAN DEFAULT false;
COMMENT ON COLUMN fetches.maybe_truncated IS
    'Whether the body may be cut: the connection was closed without a declared length, and no </html> came.';
ALTER TABLE fetches ADD COLUMN deferred_until TIMESTAMPTZ;
COMMENT ON COLUMN fetches.deferred_until IS
    'Not to be asked again before this instant (UTC); NULL where nobody named one.';
