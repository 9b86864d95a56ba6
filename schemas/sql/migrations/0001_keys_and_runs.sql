-- The keys of all tables as data, the runs, and what became of every discovered link.
--
-- Keys are declared here and not as PRIMARY KEY: an index over millions of rows multiplies the file and slows the
-- nightly merge, and the one generic writer (tasks/warehouse/write.py) keeps keys unique. A test proves it.

CREATE TABLE table_keys (
    table_name    VARCHAR NOT NULL,
    key_columns   VARCHAR[] NOT NULL,
    order_column  VARCHAR,
    first_columns VARCHAR[] NOT NULL,
    last_columns  VARCHAR[] NOT NULL,
    made_columns  VARCHAR[] NOT NULL,
    kept_columns  VARCHAR[] NOT NULL,
    run_local     BOOLEAN NOT NULL
);
COMMENT ON TABLE table_keys IS
    'How the one writer treats each table: its key, and which columns are not content.';
COMMENT ON COLUMN table_keys.table_name IS
    'The table.';
COMMENT ON COLUMN table_keys.key_columns IS
    'What identifies a row.';
COMMENT ON COLUMN table_keys.order_column IS
    'The newest sighting wins: a row older than the stored one by this column changes no content. NULL: the later write wins.';
COMMENT ON COLUMN table_keys.first_columns IS
    'Stamps that keep the smallest value ever given; a change of them is no change of the row.';
COMMENT ON COLUMN table_keys.last_columns IS
    'Stamps that follow the newest sighting; a change of them is no change of the row.';
COMMENT ON COLUMN table_keys.made_columns IS
    'Written when the row is inserted or its content changes: when, and by which run.';
COMMENT ON COLUMN table_keys.kept_columns IS
    'Written when the row is inserted, never after.';
COMMENT ON COLUMN table_keys.run_local IS
    'Whether the table tells of runs or of the code rather than of the world; such tables are not part of the state hash.';
INSERT INTO table_keys VALUES (
    'table_keys', ['table_name'], NULL,
    [], [], [], [], true
);

CREATE TABLE runs (
    run_id       VARCHAR NOT NULL,
    origin       VARCHAR NOT NULL,
    window_start DATE NOT NULL,
    window_end   DATE NOT NULL,
    started_at   TIMESTAMPTZ NOT NULL,
    code_version VARCHAR NOT NULL,
    state        VARCHAR NOT NULL,
    finished_at  TIMESTAMPTZ,
    discovered   INTEGER,
    articles     INTEGER,
    mentions     INTEGER,
    events       INTEGER
);
COMMENT ON TABLE runs IS
    'One row per run of a flow that writes: what it was asked for and how it ended.';
COMMENT ON COLUMN runs.run_id IS
    'Hash of origin, window and start.';
COMMENT ON COLUMN runs.origin IS
    'What started it: nightly, backfill, reprocess or demo.';
COMMENT ON COLUMN runs.window_start IS
    'First day whose articles the run is about.';
COMMENT ON COLUMN runs.window_end IS
    'Last day whose articles the run is about, included.';
COMMENT ON COLUMN runs.started_at IS
    'When the run began (UTC).';
COMMENT ON COLUMN runs.code_version IS
    'Release of the code and, in a checkout, its commit.';
COMMENT ON COLUMN runs.state IS
    'running, done, or abandoned: a run that a later one found unfinished, killed or failed on the way.';
COMMENT ON COLUMN runs.finished_at IS
    'When the run was closed, after its accounting was checked (UTC). NULL while it runs or if it was abandoned.';
COMMENT ON COLUMN runs.discovered IS
    'Links discovered; equal to the number of rows in fetches of this run.';
COMMENT ON COLUMN runs.articles IS
    'Articles read in this run, changed or not.';
COMMENT ON COLUMN runs.mentions IS
    'Event mentions read in this run, changed or not.';
COMMENT ON COLUMN runs.events IS
    'Events in the warehouse when the run was closed.';
INSERT INTO table_keys VALUES (
    'runs', ['run_id'], NULL,
    [], [], [], [], true
);

CREATE TABLE sources (
    source_id      VARCHAR NOT NULL,
    name           VARCHAR NOT NULL,
    family         VARCHAR NOT NULL,
    country        VARCHAR NOT NULL,
    language       VARCHAR NOT NULL,
    homepage       VARCHAR NOT NULL,
    region         VARCHAR NOT NULL,
    alignment      VARCHAR NOT NULL,
    timezone       VARCHAR NOT NULL,
    day_first      BOOLEAN,
    feeds          STRUCT(url VARCHAR, verified_on DATE)[] NOT NULL,
    sitemaps       VARCHAR[] NOT NULL,
    sections       STRUCT(url VARCHAR, selector VARCHAR)[] NOT NULL,
    delay_seconds  DOUBLE NOT NULL,
    enabled        BOOLEAN NOT NULL,
    notes          VARCHAR NOT NULL,
    changed_run_id VARCHAR NOT NULL
);
COMMENT ON TABLE sources IS
    'The outlets, as seeds/sources.yml described them when they were last run.';
COMMENT ON COLUMN sources.source_id IS
    'Short name of the source, e.g. north-press-en; the key in seeds/sources.yml.';
COMMENT ON COLUMN sources.name IS
    'Name of the outlet as people know it.';
COMMENT ON COLUMN sources.family IS
    'Owner or publisher family; corroboration counts families, not feeds.';
COMMENT ON COLUMN sources.country IS
    'Country the outlet reports from, ISO 3166 alpha-2.';
COMMENT ON COLUMN sources.language IS
    'Language of its pages, ISO 639.';
COMMENT ON COLUMN sources.homepage IS
    'Address of its front page.';
COMMENT ON COLUMN sources.region IS
    'What part of the world it covers, in words; may be empty.';
COMMENT ON COLUMN sources.alignment IS
    'Whom it is close to, in words; may be empty.';
COMMENT ON COLUMN sources.timezone IS
    'IANA time zone of times its pages give without one.';
COMMENT ON COLUMN sources.day_first IS
    'Whether it writes 03/04/2024 for 3 April; NULL where not known, such dates stay unread.';
COMMENT ON COLUMN sources.feeds IS
    'Its feeds, each with the day somebody saw it answer.';
COMMENT ON COLUMN sources.sitemaps IS
    'Addresses of its sitemaps.';
COMMENT ON COLUMN sources.sections IS
    'Pages that list articles, with the CSS selector of the links.';
COMMENT ON COLUMN sources.delay_seconds IS
    'Least seconds between two requests to one host; robots.txt may ask for more.';
COMMENT ON COLUMN sources.enabled IS
    'Whether it is part of a run that names no sources.';
COMMENT ON COLUMN sources.notes IS
    'What a maintainer should know; may be empty.';
COMMENT ON COLUMN sources.changed_run_id IS
    'The run that wrote the row as it is now.';
INSERT INTO table_keys VALUES (
    'sources', ['source_id'], NULL,
    [], [], ['changed_run_id'], [], false
);

CREATE TABLE run_sources (
    run_id     VARCHAR NOT NULL,
    source_id  VARCHAR NOT NULL,
    reached    BOOLEAN NOT NULL,
    discovered INTEGER NOT NULL,
    detail     VARCHAR NOT NULL
);
COMMENT ON TABLE run_sources IS
    'How each source fared in each run.';
COMMENT ON COLUMN run_sources.run_id IS
    'The run.';
COMMENT ON COLUMN run_sources.source_id IS
    'The source.';
COMMENT ON COLUMN run_sources.reached IS
    'Whether any of its feeds, sitemaps or sections could be read.';
COMMENT ON COLUMN run_sources.discovered IS
    'Links it gave, counted at discovery; the sum over the outcomes in fetches must equal it.';
COMMENT ON COLUMN run_sources.detail IS
    'Why it was not reached, or how many of its addresses answered.';
INSERT INTO table_keys VALUES (
    'run_sources', ['run_id', 'source_id'], NULL,
    [], [], [], [], true
);

CREATE TABLE probes (
    probe_id     VARCHAR NOT NULL,
    run_id       VARCHAR NOT NULL,
    source_id    VARCHAR NOT NULL,
    kind         VARCHAR NOT NULL,
    url          VARCHAR NOT NULL,
    requested_at TIMESTAMPTZ NOT NULL,
    status       SMALLINT,
    entries      INTEGER NOT NULL,
    error        VARCHAR,
    detail       VARCHAR NOT NULL
);
COMMENT ON TABLE probes IS
    'What each feed, sitemap and section page answered in each run: the rows behind source health.';
COMMENT ON COLUMN probes.probe_id IS
    'Hash of run, source and address.';
COMMENT ON COLUMN probes.run_id IS
    'The run that asked.';
COMMENT ON COLUMN probes.source_id IS
    'The source asked.';
COMMENT ON COLUMN probes.kind IS
    'What was asked: feed, sitemap, section or robots.';
COMMENT ON COLUMN probes.url IS
    'The address asked.';
COMMENT ON COLUMN probes.requested_at IS
    'When it was asked (UTC).';
COMMENT ON COLUMN probes.status IS
    'HTTP status; NULL where no answer came.';
COMMENT ON COLUMN probes.entries IS
    'Links it offered.';
COMMENT ON COLUMN probes.error IS
    'Why it could not be read, as a reason word; NULL when it was read.';
COMMENT ON COLUMN probes.detail IS
    'What was seen, for people; may be empty.';
INSERT INTO table_keys VALUES (
    'probes', ['probe_id'], NULL,
    [], [], [], [], true
);

CREATE TABLE fetches (
    fetch_id       VARCHAR NOT NULL,
    run_id         VARCHAR NOT NULL,
    source_id      VARCHAR NOT NULL,
    batch          INTEGER NOT NULL,
    link_id        VARCHAR NOT NULL,
    url            VARCHAR NOT NULL,
    canonical_url  VARCHAR NOT NULL,
    found_in       VARCHAR NOT NULL,
    found_at       VARCHAR NOT NULL,
    title_hint     VARCHAR,
    published_hint TIMESTAMPTZ,
    published_raw  VARCHAR,
    requested_at   TIMESTAMPTZ NOT NULL,
    elapsed_ms     INTEGER NOT NULL,
    status         SMALLINT,
    final_url      VARCHAR,
    redirects      VARCHAR[] NOT NULL,
    content_type   VARCHAR,
    etag           VARCHAR,
    last_modified  VARCHAR,
    stage          VARCHAR NOT NULL,
    outcome        VARCHAR NOT NULL,
    reason         VARCHAR,
    detail         VARCHAR NOT NULL,
    capture_id     VARCHAR,
    version_id     VARCHAR
);
COMMENT ON TABLE fetches IS
    'Every link of every run with the one outcome it ended in: discovered = sum of outcomes.';
COMMENT ON COLUMN fetches.fetch_id IS
    'Hash of run and link.';
COMMENT ON COLUMN fetches.run_id IS
    'The run.';
COMMENT ON COLUMN fetches.source_id IS
    'The source that offered the link.';
COMMENT ON COLUMN fetches.batch IS
    'Number of the batch of its source that carried it.';
COMMENT ON COLUMN fetches.link_id IS
    'Hash of source and canonical URL.';
COMMENT ON COLUMN fetches.url IS
    'The address as found, secrets removed.';
COMMENT ON COLUMN fetches.canonical_url IS
    'The address as a key: without tracking parameters, fragment and session.';
COMMENT ON COLUMN fetches.found_in IS
    'Kind of page that offered it: feed, sitemap, section, list or capture.';
COMMENT ON COLUMN fetches.found_at IS
    'Address of the feed, sitemap or page that offered it.';
COMMENT ON COLUMN fetches.title_hint IS
    'The title the feed or sitemap gave; a hint, not the article''s.';
COMMENT ON COLUMN fetches.published_hint IS
    'The instant of publication the feed or sitemap gave (UTC).';
COMMENT ON COLUMN fetches.published_raw IS
    'The characters published_hint was read from.';
COMMENT ON COLUMN fetches.requested_at IS
    'When it was asked for, or settled without asking (UTC).';
COMMENT ON COLUMN fetches.elapsed_ms IS
    'Milliseconds from request to the end of the answer, by a monotonic clock.';
COMMENT ON COLUMN fetches.status IS
    'HTTP status; NULL where no answer came or nothing was asked.';
COMMENT ON COLUMN fetches.final_url IS
    'The address that answered, after redirects.';
COMMENT ON COLUMN fetches.redirects IS
    'The addresses passed on the way, in order.';
COMMENT ON COLUMN fetches.content_type IS
    'Content-Type of the answer, as sent.';
COMMENT ON COLUMN fetches.etag IS
    'ETag of the answer, as sent.';
COMMENT ON COLUMN fetches.last_modified IS
    'Last-Modified of the answer, as sent.';
COMMENT ON COLUMN fetches.stage IS
    'The stage that settled it: discover, fetch, clean, extract or load.';
COMMENT ON COLUMN fetches.outcome IS
    'stored, unchanged, duplicate, rejected, deferred, quarantined or tombstone.';
COMMENT ON COLUMN fetches.reason IS
    'Why it was not stored, as a reason word; NULL for stored.';
COMMENT ON COLUMN fetches.detail IS
    'What was seen, for people; may be empty.';
COMMENT ON COLUMN fetches.capture_id IS
    'The bytes it brought; NULL where none were kept.';
COMMENT ON COLUMN fetches.version_id IS
    'The article version read from it; NULL where none was.';
INSERT INTO table_keys VALUES (
    'fetches', ['fetch_id'], NULL,
    [], [], [], [], true
);

CREATE TABLE run_changes (
    run_id     VARCHAR NOT NULL,
    step       VARCHAR NOT NULL,
    table_name VARCHAR NOT NULL,
    inserted   INTEGER NOT NULL,
    updated    INTEGER NOT NULL,
    unchanged  INTEGER NOT NULL,
    deleted    INTEGER NOT NULL
);
COMMENT ON TABLE run_changes IS
    'What each step of each run changed, by table: the counts a run reports, and the proof that a batch was loaded.';
COMMENT ON COLUMN run_changes.run_id IS
    'The run.';
COMMENT ON COLUMN run_changes.step IS
    'The step: "load <source> <batch>", "resolve" or "open".';
COMMENT ON COLUMN run_changes.table_name IS
    'The table written.';
COMMENT ON COLUMN run_changes.inserted IS
    'Rows added.';
COMMENT ON COLUMN run_changes.updated IS
    'Rows whose content changed.';
COMMENT ON COLUMN run_changes.unchanged IS
    'Rows written again as they were; only last-seen stamps may have moved.';
COMMENT ON COLUMN run_changes.deleted IS
    'Rows removed.';
INSERT INTO table_keys VALUES (
    'run_changes', ['run_id', 'step', 'table_name'], NULL,
    [], [], [], [], true
);
