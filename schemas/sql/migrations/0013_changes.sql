-- What changed from run to run: every state an event was in, what was erased, and what publication was judged by.

-- The columns behind led_to are those of events; what a later migration adds there is added here by itself
-- (tasks/warehouse/asof.py), and a test holds the two together.
CREATE TABLE event_history (
    event_id          VARCHAR NOT NULL,
    valid_from_run    VARCHAR NOT NULL,
    valid_from        TIMESTAMPTZ NOT NULL,
    valid_to_run      VARCHAR,
    valid_to          TIMESTAMPTZ,
    came_by           VARCHAR NOT NULL,
    fields            VARCHAR[] NOT NULL,
    ended_by          VARCHAR,
    led_to            VARCHAR,
    anchor_mention_id VARCHAR NOT NULL,
    event_type        VARCHAR NOT NULL,
    sub_event_type    VARCHAR NOT NULL,
    status            VARCHAR NOT NULL,
    date_start        DATE,
    date_end          DATE,
    date_precision    UTINYINT,
    place_name        VARCHAR,
    place_id          VARCHAR,
    admin1            VARCHAR,
    admin2            VARCHAR,
    country           VARCHAR,
    latitude          DOUBLE,
    longitude         DOUBLE,
    place_precision   UTINYINT,
    killed_low        INTEGER,
    killed_best       INTEGER,
    killed_high       INTEGER,
    injured_low       INTEGER,
    injured_best      INTEGER,
    injured_high      INTEGER,
    mention_count     INTEGER NOT NULL,
    article_count     INTEGER NOT NULL,
    source_count      INTEGER NOT NULL,
    family_count      INTEGER NOT NULL,
    denied            BOOLEAN NOT NULL,
    disputed          VARCHAR,
    rules             VARCHAR NOT NULL,
    created_at        TIMESTAMPTZ NOT NULL,
    created_run_id    VARCHAR NOT NULL,
    changed_at        TIMESTAMPTZ NOT NULL,
    changed_run_id    VARCHAR NOT NULL
);
COMMENT ON TABLE event_history IS
    'Every state each event was in at the end of a run: what the warehouse said as of any run. Read it with events_as_of.';
COMMENT ON COLUMN event_history.event_id IS
    'The event.';
COMMENT ON COLUMN event_history.valid_from_run IS
    'The run that brought the row into this state.';
COMMENT ON COLUMN event_history.valid_from IS
    'Start of that run (UTC): runs follow one another, so it orders them.';
COMMENT ON COLUMN event_history.valid_to_run IS
    'The run that ended this state; NULL while it stands.';
COMMENT ON COLUMN event_history.valid_to IS
    'Start of that run (UTC); NULL while it stands.';
COMMENT ON COLUMN event_history.came_by IS
    'Why it came: added, reported (more reports), corrected (an article was), merged (ids went into it), recoded (a reprocess), erased (a report was), decided (by a person) or recomputed.';
COMMENT ON COLUMN event_history.fields IS
    'The columns that differ from the state before; empty for one that was added.';
COMMENT ON COLUMN event_history.ended_by IS
    'Why it ended: changed where another state follows, else merged, retracted, corrected, recoded, erased, decided or withdrawn; NULL while it stands.';
COMMENT ON COLUMN event_history.led_to IS
    'Where its id led when it was merged; else NULL.';
COMMENT ON COLUMN event_history.anchor_mention_id IS
    'The mention reported first.';
COMMENT ON COLUMN event_history.event_type IS
    'ACLED''s event type.';
COMMENT ON COLUMN event_history.sub_event_type IS
    'ACLED''s sub-event type.';
COMMENT ON COLUMN event_history.status IS
    'happened, or disputed where somebody denies it.';
COMMENT ON COLUMN event_history.date_start IS
    'First day of the event.';
COMMENT ON COLUMN event_history.date_end IS
    'Last day of the event; equal to date_start for one day.';
COMMENT ON COLUMN event_history.date_precision IS
    'UCDP date_prec: 1 day, 2 two to six days, 3 week, 4 month, 5 more than a month.';
COMMENT ON COLUMN event_history.place_name IS
    'Place as named in the text.';
COMMENT ON COLUMN event_history.place_id IS
    'The place in the gazetteer.';
COMMENT ON COLUMN event_history.admin1 IS
    'First-order division.';
COMMENT ON COLUMN event_history.admin2 IS
    'Second-order division.';
COMMENT ON COLUMN event_history.country IS
    'Country, ISO 3166 alpha-2.';
COMMENT ON COLUMN event_history.latitude IS
    'Degrees north, WGS 84.';
COMMENT ON COLUMN event_history.longitude IS
    'Degrees east, WGS 84.';
COMMENT ON COLUMN event_history.place_precision IS
    'UCDP where_prec: 1 exact, 2 within 25 km, 3 second-order division, 4 first-order division, 5 feature or fuzzy region, 6 country, 7 sea or air.';
COMMENT ON COLUMN event_history.killed_low IS
    'The lowest low of the reports on persons killed; NULL where none says.';
COMMENT ON COLUMN event_history.killed_best IS
    'The most conservative best of independent reports on persons killed; NULL where none says.';
COMMENT ON COLUMN event_history.killed_high IS
    'The highest high of the reports on persons killed; NULL where none says.';
COMMENT ON COLUMN event_history.injured_low IS
    'The lowest low of the reports on persons injured; NULL where none says.';
COMMENT ON COLUMN event_history.injured_best IS
    'The most conservative best of independent reports on persons injured; NULL where none says.';
COMMENT ON COLUMN event_history.injured_high IS
    'The highest high of the reports on persons injured; NULL where none says.';
COMMENT ON COLUMN event_history.mention_count IS
    'Mentions that report or repeat it.';
COMMENT ON COLUMN event_history.article_count IS
    'Articles they stand in.';
COMMENT ON COLUMN event_history.source_count IS
    'Sources of those articles.';
COMMENT ON COLUMN event_history.family_count IS
    'Publisher families that report it in their own words; copies count once.';
COMMENT ON COLUMN event_history.denied IS
    'Whether a mention denies it.';
COMMENT ON COLUMN event_history.disputed IS
    'The fields reports disagree on, and between what values.';
COMMENT ON COLUMN event_history.rules IS
    'Per field, the rule that picked its value.';
COMMENT ON COLUMN event_history.created_at IS
    'Start of the run that first made the event (UTC).';
COMMENT ON COLUMN event_history.created_run_id IS
    'That run.';
COMMENT ON COLUMN event_history.changed_at IS
    'Start of the run that wrote the row as it is now (UTC).';
COMMENT ON COLUMN event_history.changed_run_id IS
    'That run.';
INSERT INTO table_keys VALUES (
    'event_history', ['event_id', 'valid_from_run'], NULL,
    [], [], [], [], true
);

CREATE MACRO events_as_of(as_of_run) AS TABLE
SELECT h.* EXCLUDE (valid_from_run, valid_from, valid_to_run, valid_to, came_by, fields, ended_by, led_to)
FROM event_history h JOIN runs r ON r.run_id = as_of_run
WHERE h.valid_from <= r.started_at AND (h.valid_to IS NULL OR h.valid_to > r.started_at);
COMMENT ON MACRO TABLE events_as_of IS
    'The events table as it stood at the end of a run: FROM events_as_of(''run_...'').';

-- Of the events there are already, no earlier state is known than the one they are in.
INSERT INTO event_history
SELECT event_id, changed_run_id, changed_at, NULL, NULL, 'added', [], NULL, NULL,
    anchor_mention_id, event_type, sub_event_type, status, date_start, date_end,
    date_precision, place_name, place_id, admin1, admin2, country,
    latitude, longitude, place_precision, killed_low, killed_best, killed_high,
    injured_low, injured_best, injured_high, mention_count, article_count, source_count,
    family_count, denied, disputed, rules, created_at, created_run_id,
    changed_at, changed_run_id
FROM events;

CREATE TABLE erasures (
    capture_id     VARCHAR NOT NULL,
    source_id      VARCHAR NOT NULL,
    url            VARCHAR NOT NULL,
    sha256         VARCHAR NOT NULL,
    byte_length    BIGINT NOT NULL,
    captured_at    TIMESTAMPTZ NOT NULL,
    article_id     VARCHAR,
    version_id     VARCHAR,
    content_sha256 VARCHAR,
    reason         VARCHAR NOT NULL,
    erased_at      TIMESTAMPTZ NOT NULL,
    run_id         VARCHAR NOT NULL
);
COMMENT ON TABLE erasures IS
    'What was erased, with all that is kept of it: no text, no bytes, no quotation.';
COMMENT ON COLUMN erasures.capture_id IS
    'The capture that was erased.';
COMMENT ON COLUMN erasures.source_id IS
    'The source whose link was asked for.';
COMMENT ON COLUMN erasures.url IS
    'Its canonical URL.';
COMMENT ON COLUMN erasures.sha256 IS
    'SHA-256 of the body that was erased: such bytes are never kept again.';
COMMENT ON COLUMN erasures.byte_length IS
    'Bytes of that body.';
COMMENT ON COLUMN erasures.captured_at IS
    'When it was captured (UTC).';
COMMENT ON COLUMN erasures.article_id IS
    'The article it was read as; NULL where it gave none.';
COMMENT ON COLUMN erasures.version_id IS
    'The version it was read as; NULL where it gave none.';
COMMENT ON COLUMN erasures.content_sha256 IS
    'SHA-256 of title and text of that version.';
COMMENT ON COLUMN erasures.reason IS
    'Why, in words.';
COMMENT ON COLUMN erasures.erased_at IS
    'When (UTC).';
COMMENT ON COLUMN erasures.run_id IS
    'The run that erased it.';
INSERT INTO table_keys VALUES (
    'erasures', ['capture_id'], NULL,
    [], [], [], [], false
);

CREATE TABLE run_measures (
    run_id  VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    value   DOUBLE,
    size    BIGINT NOT NULL
);
COMMENT ON TABLE run_measures IS
    'What publication is judged by (seeds/publish_guard.csv), as each run left it.';
COMMENT ON COLUMN run_measures.run_id IS
    'The run.';
COMMENT ON COLUMN run_measures.measure IS
    'The measure, a word of seeds/publish_guard.csv.';
COMMENT ON COLUMN run_measures.value IS
    'What was measured: a count, or a share between 0 and 1; NULL where there was nothing to measure.';
COMMENT ON COLUMN run_measures.size IS
    'How many rows it was measured on.';
INSERT INTO table_keys VALUES (
    'run_measures', ['run_id', 'measure'], NULL,
    [], [], [], [], true
);

CREATE TABLE publications (
    run_id      VARCHAR NOT NULL,
    state       VARCHAR NOT NULL,
    reason      VARCHAR NOT NULL,
    judged_at   TIMESTAMPTZ NOT NULL,
    accepted_at TIMESTAMPTZ
);
COMMENT ON TABLE publications IS
    'How publication after each run was judged: published, held back, or accepted by a person. A run without a row was published.';
COMMENT ON COLUMN publications.run_id IS
    'The run.';
COMMENT ON COLUMN publications.state IS
    'published, held or accepted.';
COMMENT ON COLUMN publications.reason IS
    'What was out of the ordinary, in words; empty where nothing was.';
COMMENT ON COLUMN publications.judged_at IS
    'When it was judged (UTC).';
COMMENT ON COLUMN publications.accepted_at IS
    'When a person accepted what was held (UTC).';
INSERT INTO table_keys VALUES (
    'publications', ['run_id'], NULL,
    [], [], [], [], true
);
