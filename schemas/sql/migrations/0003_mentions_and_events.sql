-- What articles tell of events (mentions, one row per telling), and the events behind them.

CREATE TABLE mentions (
    mention_id      VARCHAR NOT NULL,
    article_id      VARCHAR NOT NULL,
    version_id      VARCHAR NOT NULL,
    sentence_start  INTEGER NOT NULL,
    sentence_end    INTEGER NOT NULL,
    trigger_start   INTEGER NOT NULL,
    trigger_end     INTEGER NOT NULL,
    event_type      VARCHAR NOT NULL,
    sub_event_type  VARCHAR NOT NULL,
    plover_type     VARCHAR NOT NULL,
    plover_mode     VARCHAR,
    status          VARCHAR NOT NULL,
    aggregate       BOOLEAN NOT NULL,
    date_start      DATE,
    date_end        DATE,
    date_precision  UTINYINT,
    date_raw        VARCHAR,
    date_reason     VARCHAR NOT NULL,
    place_name      VARCHAR,
    place_id        VARCHAR,
    gazetteer_name  VARCHAR,
    admin1          VARCHAR,
    admin2          VARCHAR,
    country         VARCHAR,
    latitude        DOUBLE,
    longitude       DOUBLE,
    place_precision UTINYINT,
    place_reason    VARCHAR NOT NULL,
    weapon          VARCHAR,
    cause           VARCHAR,
    killed_low      INTEGER,
    killed_best     INTEGER,
    killed_high     INTEGER,
    killed_who      VARCHAR,
    injured_low     INTEGER,
    injured_best    INTEGER,
    injured_high    INTEGER,
    injured_who     VARCHAR,
    detained_low    INTEGER,
    detained_best   INTEGER,
    detained_high   INTEGER,
    detained_who    VARCHAR,
    displaced_low   INTEGER,
    displaced_best  INTEGER,
    displaced_high  INTEGER,
    displaced_who   VARCHAR,
    confidence      DOUBLE NOT NULL,
    coder           VARCHAR NOT NULL,
    coder_version   VARCHAR NOT NULL,
    coded_run_id    VARCHAR NOT NULL
);
COMMENT ON TABLE mentions IS
    'One event as one article version tells it: a report row. Events are clusters over these.';
COMMENT ON COLUMN mentions.mention_id IS
    'Hash of version, trigger and sub-event type.';
COMMENT ON COLUMN mentions.article_id IS
    'The article.';
COMMENT ON COLUMN mentions.version_id IS
    'The article version; only mentions of current versions make events.';
COMMENT ON COLUMN mentions.sentence_start IS
    'First character of the sentence in the text.';
COMMENT ON COLUMN mentions.sentence_end IS
    'Character after the sentence in the text.';
COMMENT ON COLUMN mentions.trigger_start IS
    'First character of the words that tell of the event.';
COMMENT ON COLUMN mentions.trigger_end IS
    'Character after them.';
COMMENT ON COLUMN mentions.event_type IS
    'ACLED''s event type.';
COMMENT ON COLUMN mentions.sub_event_type IS
    'ACLED''s sub-event type.';
COMMENT ON COLUMN mentions.plover_type IS
    'PLOVER''s event type.';
COMMENT ON COLUMN mentions.plover_mode IS
    'PLOVER''s mode of that type.';
COMMENT ON COLUMN mentions.status IS
    'What the article says of it: happened, denied, planned, threatened, hypothetical or background.';
COMMENT ON COLUMN mentions.aggregate IS
    'Whether it sums up several events, such as a monthly toll; such rows make no event.';
COMMENT ON COLUMN mentions.date_start IS
    'First day of the event.';
COMMENT ON COLUMN mentions.date_end IS
    'Last day of the event; equal to date_start for one day.';
COMMENT ON COLUMN mentions.date_precision IS
    'UCDP date_prec: 1 day, 2 two to six days, 3 week, 4 month, 5 more than a month.';
COMMENT ON COLUMN mentions.date_raw IS
    'The words the days were read from.';
COMMENT ON COLUMN mentions.date_reason IS
    'How the days were worked out, or why there are none.';
COMMENT ON COLUMN mentions.place_name IS
    'Place as named in the text.';
COMMENT ON COLUMN mentions.place_id IS
    'The place in the gazetteer.';
COMMENT ON COLUMN mentions.gazetteer_name IS
    'Name of the place in the gazetteer.';
COMMENT ON COLUMN mentions.admin1 IS
    'First-order division.';
COMMENT ON COLUMN mentions.admin2 IS
    'Second-order division.';
COMMENT ON COLUMN mentions.country IS
    'Country, ISO 3166 alpha-2.';
COMMENT ON COLUMN mentions.latitude IS
    'Degrees north, WGS 84.';
COMMENT ON COLUMN mentions.longitude IS
    'Degrees east, WGS 84.';
COMMENT ON COLUMN mentions.place_precision IS
    'UCDP where_prec: 1 exact, 2 within 25 km, 3 second-order division, 4 first-order division, 5 feature or fuzzy region, 6 country, 7 sea or air.';
COMMENT ON COLUMN mentions.place_reason IS
    'How the place was resolved, or why not.';
COMMENT ON COLUMN mentions.weapon IS
    'Weapon or means, as named.';
COMMENT ON COLUMN mentions.cause IS
    'Cause or reason, as named.';
COMMENT ON COLUMN mentions.killed_low IS
    'Fewest persons killed, as the text has it; NULL where nothing is said, 0 only where it says nobody.';
COMMENT ON COLUMN mentions.killed_best IS
    'Persons killed: the figure the text gives, or the conservative reading of a vague one.';
COMMENT ON COLUMN mentions.killed_high IS
    'Most persons killed, as the text has it.';
COMMENT ON COLUMN mentions.killed_who IS
    'Who was killed, as named.';
COMMENT ON COLUMN mentions.injured_low IS
    'Fewest persons injured, as the text has it; NULL where nothing is said, 0 only where it says nobody.';
COMMENT ON COLUMN mentions.injured_best IS
    'Persons injured: the figure the text gives, or the conservative reading of a vague one.';
COMMENT ON COLUMN mentions.injured_high IS
    'Most persons injured, as the text has it.';
COMMENT ON COLUMN mentions.injured_who IS
    'Who was injured, as named.';
COMMENT ON COLUMN mentions.detained_low IS
    'Fewest persons detained, as the text has it; NULL where nothing is said, 0 only where it says nobody.';
COMMENT ON COLUMN mentions.detained_best IS
    'Persons detained: the figure the text gives, or the conservative reading of a vague one.';
COMMENT ON COLUMN mentions.detained_high IS
    'Most persons detained, as the text has it.';
COMMENT ON COLUMN mentions.detained_who IS
    'Who was detained, as named.';
COMMENT ON COLUMN mentions.displaced_low IS
    'Fewest persons displaced, as the text has it; NULL where nothing is said, 0 only where it says nobody.';
COMMENT ON COLUMN mentions.displaced_best IS
    'Persons displaced: the figure the text gives, or the conservative reading of a vague one.';
COMMENT ON COLUMN mentions.displaced_high IS
    'Most persons displaced, as the text has it.';
COMMENT ON COLUMN mentions.displaced_who IS
    'Who was displaced, as named.';
COMMENT ON COLUMN mentions.confidence IS
    '0 to 1, the coder''s own; see its documentation.';
COMMENT ON COLUMN mentions.coder IS
    'What read the event from the text.';
COMMENT ON COLUMN mentions.coder_version IS
    'Its version.';
COMMENT ON COLUMN mentions.coded_run_id IS
    'The run that wrote this reading.';
INSERT INTO table_keys VALUES (
    'mentions', ['mention_id'], NULL,
    [], [], ['coded_run_id'], [], false
);

CREATE TABLE mention_actors (
    mention_id     VARCHAR NOT NULL,
    number         SMALLINT NOT NULL,
    role           VARCHAR NOT NULL,
    name           VARCHAR NOT NULL,
    actor_id       VARCHAR,
    canonical_name VARCHAR,
    kind           VARCHAR NOT NULL,
    country        VARCHAR
);
COMMENT ON TABLE mention_actors IS
    'The actors of a mention, with the part each plays.';
COMMENT ON COLUMN mention_actors.mention_id IS
    'The mention.';
COMMENT ON COLUMN mention_actors.number IS
    'Order of the actor in the mention, from 0.';
COMMENT ON COLUMN mention_actors.role IS
    'initiator, target or supporter.';
COMMENT ON COLUMN mention_actors.name IS
    'As named in the text.';
COMMENT ON COLUMN mention_actors.actor_id IS
    'The actor in seeds/actors.csv; NULL where it is not known there.';
COMMENT ON COLUMN mention_actors.canonical_name IS
    'Its name there.';
COMMENT ON COLUMN mention_actors.kind IS
    'What kind of actor, a word of seeds/actor_kinds.csv.';
COMMENT ON COLUMN mention_actors.country IS
    'Its country, ISO 3166 alpha-2.';
INSERT INTO table_keys VALUES (
    'mention_actors', ['mention_id', 'number'], NULL,
    [], [], [], [], false
);

CREATE TABLE mention_claims (
    mention_id VARCHAR NOT NULL,
    number     SMALLINT NOT NULL,
    speaker    VARCHAR NOT NULL,
    speaker_id VARCHAR,
    stance     VARCHAR NOT NULL,
    about      VARCHAR NOT NULL,
    quote      VARCHAR NOT NULL,
    span_start INTEGER NOT NULL,
    span_end   INTEGER NOT NULL
);
COMMENT ON TABLE mention_claims IS
    'Who asserts or denies what, in a mention.';
COMMENT ON COLUMN mention_claims.mention_id IS
    'The mention.';
COMMENT ON COLUMN mention_claims.number IS
    'Order of the claim in the mention, from 0.';
COMMENT ON COLUMN mention_claims.speaker IS
    'Who speaks, as named.';
COMMENT ON COLUMN mention_claims.speaker_id IS
    'The speaker in seeds/actors.csv; NULL where not known there.';
COMMENT ON COLUMN mention_claims.stance IS
    'asserts, denies or claims_responsibility.';
COMMENT ON COLUMN mention_claims.about IS
    'What of: event, cause, responsibility or toll.';
COMMENT ON COLUMN mention_claims.quote IS
    'The words of the statement; text[span_start:span_end].';
COMMENT ON COLUMN mention_claims.span_start IS
    'First character of the statement in the text.';
COMMENT ON COLUMN mention_claims.span_end IS
    'Character after the statement in the text.';
INSERT INTO table_keys VALUES (
    'mention_claims', ['mention_id', 'number'], NULL,
    [], [], [], [], false
);

CREATE TABLE mention_evidence (
    mention_id VARCHAR NOT NULL,
    number     SMALLINT NOT NULL,
    field      VARCHAR NOT NULL,
    span_start INTEGER NOT NULL,
    span_end   INTEGER NOT NULL,
    quote      VARCHAR NOT NULL,
    rule       VARCHAR NOT NULL
);
COMMENT ON TABLE mention_evidence IS
    'The characters each field of a mention was read from.';
COMMENT ON COLUMN mention_evidence.mention_id IS
    'The mention.';
COMMENT ON COLUMN mention_evidence.number IS
    'Order of the evidence in the mention, from 0.';
COMMENT ON COLUMN mention_evidence.field IS
    'The field it supports.';
COMMENT ON COLUMN mention_evidence.span_start IS
    'First character in the text.';
COMMENT ON COLUMN mention_evidence.span_end IS
    'Character after the last in the text.';
COMMENT ON COLUMN mention_evidence.quote IS
    'The characters: text[span_start:span_end].';
COMMENT ON COLUMN mention_evidence.rule IS
    'How the value came from the quote.';
INSERT INTO table_keys VALUES (
    'mention_evidence', ['mention_id', 'number'], NULL,
    [], [], [], [], false
);

CREATE TABLE events (
    event_id          VARCHAR NOT NULL,
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
COMMENT ON TABLE events IS
    'One row per event: a cluster of mentions, with the rule that picked each value.';
COMMENT ON COLUMN events.event_id IS
    'Hash of the article, kind, first day and place of the mention reported first; permanent, see event_aliases.';
COMMENT ON COLUMN events.anchor_mention_id IS
    'The mention reported first.';
COMMENT ON COLUMN events.event_type IS
    'ACLED''s event type.';
COMMENT ON COLUMN events.sub_event_type IS
    'ACLED''s sub-event type.';
COMMENT ON COLUMN events.status IS
    'happened, or disputed where somebody denies it.';
COMMENT ON COLUMN events.date_start IS
    'First day of the event.';
COMMENT ON COLUMN events.date_end IS
    'Last day of the event; equal to date_start for one day.';
COMMENT ON COLUMN events.date_precision IS
    'UCDP date_prec: 1 day, 2 two to six days, 3 week, 4 month, 5 more than a month.';
COMMENT ON COLUMN events.place_name IS
    'Place as named in the text.';
COMMENT ON COLUMN events.place_id IS
    'The place in the gazetteer.';
COMMENT ON COLUMN events.admin1 IS
    'First-order division.';
COMMENT ON COLUMN events.admin2 IS
    'Second-order division.';
COMMENT ON COLUMN events.country IS
    'Country, ISO 3166 alpha-2.';
COMMENT ON COLUMN events.latitude IS
    'Degrees north, WGS 84.';
COMMENT ON COLUMN events.longitude IS
    'Degrees east, WGS 84.';
COMMENT ON COLUMN events.place_precision IS
    'UCDP where_prec: 1 exact, 2 within 25 km, 3 second-order division, 4 first-order division, 5 feature or fuzzy region, 6 country, 7 sea or air.';
COMMENT ON COLUMN events.killed_low IS
    'The lowest low of the reports on persons killed; NULL where none says.';
COMMENT ON COLUMN events.killed_best IS
    'The most conservative best of independent reports on persons killed; NULL where none says.';
COMMENT ON COLUMN events.killed_high IS
    'The highest high of the reports on persons killed; NULL where none says.';
COMMENT ON COLUMN events.injured_low IS
    'The lowest low of the reports on persons injured; NULL where none says.';
COMMENT ON COLUMN events.injured_best IS
    'The most conservative best of independent reports on persons injured; NULL where none says.';
COMMENT ON COLUMN events.injured_high IS
    'The highest high of the reports on persons injured; NULL where none says.';
COMMENT ON COLUMN events.mention_count IS
    'Mentions that report or repeat it.';
COMMENT ON COLUMN events.article_count IS
    'Articles they stand in.';
COMMENT ON COLUMN events.source_count IS
    'Sources of those articles.';
COMMENT ON COLUMN events.family_count IS
    'Publisher families that report it in their own words; copies count once.';
COMMENT ON COLUMN events.denied IS
    'Whether a mention denies it.';
COMMENT ON COLUMN events.disputed IS
    'The fields reports disagree on, and between what values.';
COMMENT ON COLUMN events.rules IS
    'Per field, the rule that picked its value.';
COMMENT ON COLUMN events.created_at IS
    'Start of the run that first made the event (UTC).';
COMMENT ON COLUMN events.created_run_id IS
    'That run.';
COMMENT ON COLUMN events.changed_at IS
    'Start of the run that wrote the row as it is now (UTC).';
COMMENT ON COLUMN events.changed_run_id IS
    'That run.';
INSERT INTO table_keys VALUES (
    'events', ['event_id'], NULL,
    [], [], ['changed_at', 'changed_run_id'], ['created_at', 'created_run_id'], false
);

CREATE TABLE event_links (
    event_id   VARCHAR NOT NULL,
    mention_id VARCHAR NOT NULL,
    relation   VARCHAR NOT NULL,
    score      DOUBLE NOT NULL,
    rule       VARCHAR NOT NULL
);
COMMENT ON TABLE event_links IS
    'Which mentions stand behind an event, and how.';
COMMENT ON COLUMN event_links.event_id IS
    'The event.';
COMMENT ON COLUMN event_links.mention_id IS
    'The mention.';
COMMENT ON COLUMN event_links.relation IS
    'reports, repeats (a copy of another report) or denies.';
COMMENT ON COLUMN event_links.score IS
    'Score of the match with the event''s first report.';
COMMENT ON COLUMN event_links.rule IS
    'What made the match.';
INSERT INTO table_keys VALUES (
    'event_links', ['event_id', 'mention_id'], NULL,
    [], [], [], [], false
);

CREATE TABLE event_aliases (
    old_event_id VARCHAR NOT NULL,
    event_id     VARCHAR,
    why          VARCHAR NOT NULL,
    run_id       VARCHAR NOT NULL,
    ended_at     TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE event_aliases IS
    'Ids that once named an event: where it went, or that it was withdrawn. Ids are never used for another event.';
COMMENT ON COLUMN event_aliases.old_event_id IS
    'The id that no longer names an event.';
COMMENT ON COLUMN event_aliases.event_id IS
    'The event most of its mentions belong to now; NULL where none does: a tombstone.';
COMMENT ON COLUMN event_aliases.why IS
    'merged: its mentions are in event_id; withdrawn: no event holds them any more.';
COMMENT ON COLUMN event_aliases.run_id IS
    'The run that ended it.';
COMMENT ON COLUMN event_aliases.ended_at IS
    'Start of that run (UTC).';
INSERT INTO table_keys VALUES (
    'event_aliases', ['old_event_id'], NULL,
    [], [], [], ['run_id', 'ended_at'], false
);
