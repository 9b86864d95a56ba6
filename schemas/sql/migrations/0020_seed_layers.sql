-- Which layers of facts made what the warehouse holds: the project's seeds, and a folder of the user's laid over them.

CREATE TABLE seed_layers (
    layer  USMALLINT NOT NULL,
    name   VARCHAR NOT NULL,
    file   VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL
);
COMMENT ON TABLE seed_layers IS
    'The layers of facts the warehouse was last opened with: the seeds of the project, and each file laid over them (FIRSTDRAFT_SEEDS).';
COMMENT ON COLUMN seed_layers.layer IS
    '0 the project''s seeds; from 1 on the files laid over them, in order of name.';
COMMENT ON COLUMN seed_layers.name IS
    'firstdraft, or the name of the folder that was laid over it; never its whole path.';
COMMENT ON COLUMN seed_layers.file IS
    'The file within that folder; "(all)" for the seeds of the project.';
COMMENT ON COLUMN seed_layers.sha256 IS
    'SHA-256 of the file; of the project''s seeds of all files together.';
INSERT INTO table_keys VALUES (
    'seed_layers', ['layer'], NULL,
    [], [], [], [], true
);

CREATE TABLE event_types (
    sub_event_type       VARCHAR NOT NULL,
    event_type           VARCHAR NOT NULL,
    acled_event_type     VARCHAR,
    acled_sub_event_type VARCHAR
);
COMMENT ON TABLE event_types IS
    'The types of events, from event_types.csv of the seeds and of what is laid over them, with their crosswalk to ACLED.';
COMMENT ON COLUMN event_types.sub_event_type IS
    'Sub-type, as in events.sub_event_type.';
COMMENT ON COLUMN event_types.event_type IS
    'Type, as in events.event_type.';
COMMENT ON COLUMN event_types.acled_event_type IS
    'ACLED''s type it is counted under; itself where it is ACLED''s, NULL where ACLED has nothing for it.';
COMMENT ON COLUMN event_types.acled_sub_event_type IS
    'ACLED''s sub-type it is counted under; itself where it is ACLED''s, NULL where ACLED has nothing for it.';
INSERT INTO table_keys VALUES (
    'event_types', ['sub_event_type'], NULL,
    [], [], [], [], true
);

CREATE TABLE actor_ids (
    actor_id VARCHAR NOT NULL,
    scheme   VARCHAR NOT NULL,
    id       VARCHAR NOT NULL,
    source   VARCHAR NOT NULL
);
COMMENT ON TABLE actor_ids IS
    'Ids that other catalogues give our actors, from actor_ids.csv of the seeds and of what is laid over them.';
COMMENT ON COLUMN actor_ids.actor_id IS
    'The actor, as in mention_actors.actor_id.';
COMMENT ON COLUMN actor_ids.scheme IS
    'The catalogue: wikidata or ucdp.';
COMMENT ON COLUMN actor_ids.id IS
    'The id there.';
COMMENT ON COLUMN actor_ids.source IS
    'Where the id was read.';
INSERT INTO table_keys VALUES (
    'actor_ids', ['actor_id', 'scheme'], NULL,
    [], [], [], [], true
);
