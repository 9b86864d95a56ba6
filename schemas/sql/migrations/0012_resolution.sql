-- Resolution in blocks: the mentions as it read them last, what may be one event in two words, people's decisions,
-- and per field of an event how it got its value.

CREATE TABLE event_groups (
    event_type VARCHAR NOT NULL,
    type_group VARCHAR NOT NULL
);
COMMENT ON TABLE event_groups IS
    'Event types that may be one event told in two words; of the others each sub-type is a group of its own.';
COMMENT ON COLUMN event_groups.event_type IS
    'ACLED''s event type.';
COMMENT ON COLUMN event_groups.type_group IS
    'The group.';
INSERT INTO event_groups VALUES
    ('Battles', 'violence'),
    ('Explosions/Remote violence', 'violence'),
    ('Violence against civilians', 'violence'),
    ('Protests', 'demonstration'),
    ('Riots', 'demonstration');
INSERT INTO table_keys VALUES (
    'event_groups', ['event_type'], NULL,
    [], [], [], [], true
);

CREATE TABLE resolved_mentions (
    mention_id      VARCHAR NOT NULL,
    read_hash       UBIGINT NOT NULL,
    article_id      VARCHAR NOT NULL,
    version_id      VARCHAR NOT NULL,
    source_id       VARCHAR NOT NULL,
    family          VARCHAR NOT NULL,
    story_id        VARCHAR NOT NULL,
    published_day   DATE,
    trigger_start   INTEGER NOT NULL,
    event_type      VARCHAR NOT NULL,
    sub_event_type  VARCHAR NOT NULL,
    status          VARCHAR NOT NULL,
    aggregate       BOOLEAN NOT NULL,
    date_start      DATE,
    date_end        DATE,
    date_precision  UTINYINT,
    place_name      VARCHAR,
    place_id        VARCHAR,
    admin1          VARCHAR,
    admin2          VARCHAR,
    country         VARCHAR,
    latitude        DOUBLE,
    longitude       DOUBLE,
    place_precision UTINYINT,
    initiators      VARCHAR[] NOT NULL,
    targets         VARCHAR[] NOT NULL,
    killed_low      INTEGER,
    killed_best     INTEGER,
    killed_high     INTEGER,
    injured_low     INTEGER,
    injured_best    INTEGER,
    injured_high    INTEGER,
    confidence      DOUBLE NOT NULL,
    origin          VARCHAR NOT NULL,
    type_group      VARCHAR NOT NULL,
    number          INTEGER NOT NULL,
    words           UINTEGER[] NOT NULL,
    names           UINTEGER[] NOT NULL,
    first_day       DATE,
    last_day        DATE,
    own_event_id    VARCHAR NOT NULL,
    cluster_id      VARCHAR
);
COMMENT ON TABLE resolved_mentions IS
    'Reports and denials of standing versions as resolution last read them: what it compares a night''s mentions with.';
COMMENT ON COLUMN resolved_mentions.mention_id IS
    'The mention.';
COMMENT ON COLUMN resolved_mentions.read_hash IS
    'Hash of all that was read of it; where the warehouse says otherwise now, it is resolved again.';
COMMENT ON COLUMN resolved_mentions.article_id IS
    'Its article.';
COMMENT ON COLUMN resolved_mentions.version_id IS
    'The standing version it was read from.';
COMMENT ON COLUMN resolved_mentions.source_id IS
    'The source.';
COMMENT ON COLUMN resolved_mentions.family IS
    'Owner or publisher family of the source.';
COMMENT ON COLUMN resolved_mentions.story_id IS
    'The group of copies its text belongs to.';
COMMENT ON COLUMN resolved_mentions.published_day IS
    'Local day of publication.';
COMMENT ON COLUMN resolved_mentions.trigger_start IS
    'First character of the words that tell of the event.';
COMMENT ON COLUMN resolved_mentions.event_type IS
    'ACLED''s event type.';
COMMENT ON COLUMN resolved_mentions.sub_event_type IS
    'ACLED''s sub-event type.';
COMMENT ON COLUMN resolved_mentions.status IS
    'happened or denied.';
COMMENT ON COLUMN resolved_mentions.aggregate IS
    'Whether it sums up several events; such reports are not resolved.';
COMMENT ON COLUMN resolved_mentions.date_start IS
    'First day of the event.';
COMMENT ON COLUMN resolved_mentions.date_end IS
    'Last day of the event.';
COMMENT ON COLUMN resolved_mentions.date_precision IS
    'UCDP date_prec, 1 to 5.';
COMMENT ON COLUMN resolved_mentions.place_name IS
    'Place as named.';
COMMENT ON COLUMN resolved_mentions.place_id IS
    'The place in the gazetteer.';
COMMENT ON COLUMN resolved_mentions.admin1 IS
    'First-order division.';
COMMENT ON COLUMN resolved_mentions.admin2 IS
    'Second-order division.';
COMMENT ON COLUMN resolved_mentions.country IS
    'Country, ISO 3166 alpha-2.';
COMMENT ON COLUMN resolved_mentions.latitude IS
    'Degrees north, WGS 84.';
COMMENT ON COLUMN resolved_mentions.longitude IS
    'Degrees east, WGS 84.';
COMMENT ON COLUMN resolved_mentions.place_precision IS
    'UCDP where_prec, 1 to 7.';
COMMENT ON COLUMN resolved_mentions.initiators IS
    'Who acted: canonical ids, or folded names.';
COMMENT ON COLUMN resolved_mentions.targets IS
    'Whom it was done to: canonical ids, or folded names.';
COMMENT ON COLUMN resolved_mentions.killed_low IS
    'Fewest persons killed.';
COMMENT ON COLUMN resolved_mentions.killed_best IS
    'Persons killed.';
COMMENT ON COLUMN resolved_mentions.killed_high IS
    'Most persons killed.';
COMMENT ON COLUMN resolved_mentions.injured_low IS
    'Fewest persons injured.';
COMMENT ON COLUMN resolved_mentions.injured_best IS
    'Persons injured.';
COMMENT ON COLUMN resolved_mentions.injured_high IS
    'Most persons injured.';
COMMENT ON COLUMN resolved_mentions.confidence IS
    'The coder''s confidence, 0 to 1.';
COMMENT ON COLUMN resolved_mentions.origin IS
    'The news agency the text is credited to, else the family.';
COMMENT ON COLUMN resolved_mentions.type_group IS
    'What may be one event told in two words: violence, demonstration, or the sub-type.';
COMMENT ON COLUMN resolved_mentions.number IS
    'Tells mentions of one article apart that are alike in group, day and place.';
COMMENT ON COLUMN resolved_mentions.words IS
    'Hashes of the rare words around it, each with its class of rarity; no word can be read from them.';
COMMENT ON COLUMN resolved_mentions.names IS
    'Hashes of the names of two words around it.';
COMMENT ON COLUMN resolved_mentions.first_day IS
    'First day under which it is looked for: of the event, or three days before publication where none is told.';
COMMENT ON COLUMN resolved_mentions.last_day IS
    'Last such day, at most a month later.';
COMMENT ON COLUMN resolved_mentions.own_event_id IS
    'The id of the event that it would name if it were the first to report it.';
COMMENT ON COLUMN resolved_mentions.cluster_id IS
    'The event its cluster makes, or would make were it not retracted; NULL for denials.';
INSERT INTO table_keys VALUES (
    'resolved_mentions', ['mention_id'], NULL,
    [], [], [], [], true
);

CREATE TABLE event_overrides (
    override_id    VARCHAR NOT NULL,
    decision       VARCHAR NOT NULL,
    event_id       VARCHAR NOT NULL,
    other_event_id VARCHAR,
    left_ids       VARCHAR[] NOT NULL,
    right_ids      VARCHAR[] NOT NULL,
    reason         VARCHAR NOT NULL,
    made_at        TIMESTAMPTZ NOT NULL,
    undone         BOOLEAN NOT NULL,
    undone_at      TIMESTAMPTZ
);
COMMENT ON TABLE event_overrides IS
    'What people decided about events, against what resolution made of the reports; every run obeys what is not undone.';
COMMENT ON COLUMN event_overrides.override_id IS
    'Hash of the decision, what it is about, and when it was made.';
COMMENT ON COLUMN event_overrides.decision IS
    'merge, split or retract.';
COMMENT ON COLUMN event_overrides.event_id IS
    'The event it was made about.';
COMMENT ON COLUMN event_overrides.other_event_id IS
    'The event that was merged with it; else NULL.';
COMMENT ON COLUMN event_overrides.left_ids IS
    'Its reports, by the ids they give events: all of it, or of a split what stays.';
COMMENT ON COLUMN event_overrides.right_ids IS
    'The reports of the other event, or of a split what was taken out; empty for a retraction.';
COMMENT ON COLUMN event_overrides.reason IS
    'Why, in words.';
COMMENT ON COLUMN event_overrides.made_at IS
    'When (UTC).';
COMMENT ON COLUMN event_overrides.undone IS
    'Whether it was taken back.';
COMMENT ON COLUMN event_overrides.undone_at IS
    'When (UTC); NULL while it stands.';
INSERT INTO table_keys VALUES (
    'event_overrides', ['override_id'], NULL,
    [], [], ['undone_at'], ['made_at'], false
);

ALTER TABLE events ADD COLUMN origin_count INTEGER DEFAULT 0;
COMMENT ON COLUMN events.origin_count IS
    'Original sources: news agencies credited, else families that report it in their own words; copies count once.';
ALTER TABLE events ADD COLUMN picks STRUCT(field VARCHAR, rule VARCHAR, "value" VARCHAR, mention_id VARCHAR, others VARCHAR[])[] DEFAULT [];
COMMENT ON COLUMN events.picks IS
    'Per field: the rule that picked its value, the value in words, the mention it is of, and what other reports say.';
COMMENT ON COLUMN event_links.score IS
    'Probability, 0 to 1, that the mention and the one that names the event tell of one event; 1 for that one itself.';

ALTER TABLE event_aliases ADD COLUMN reason VARCHAR;
COMMENT ON TABLE event_aliases IS
    'Ids that once named an event and do not any more, with where they lead: a history of what was published, so it depends on the nights and is no part of the state hash.';
COMMENT ON COLUMN event_aliases.reason IS
    'Why a person retracted the event, in words; NULL where nobody did.';
COMMENT ON COLUMN event_aliases.why IS
    'merged: its mentions are in event_id; withdrawn: no event holds them any more; retracted: a person decided so.';
UPDATE table_keys SET run_local = true, made_columns = ['run_id', 'ended_at'], kept_columns = []
WHERE table_name = 'event_aliases';

ALTER TABLE stories ADD COLUMN read_hash UBIGINT DEFAULT 0;
COMMENT ON COLUMN stories.read_hash IS
    'Hash of the day it was grouped by, and of how fingerprints were made then.';
