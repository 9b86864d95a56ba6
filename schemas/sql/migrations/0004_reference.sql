-- Facts of the code that views join to, loaded from data files when those change (tasks/warehouse/reference.py).

CREATE TABLE reference_files (
    table_name VARCHAR NOT NULL,
    sha256     VARCHAR NOT NULL
);
COMMENT ON TABLE reference_files IS
    'Which data and view files the warehouse was last opened with.';
COMMENT ON COLUMN reference_files.table_name IS
    'The reference table; "(views)" for all view files together.';
COMMENT ON COLUMN reference_files.sha256 IS
    'SHA-256 of what was loaded.';
INSERT INTO table_keys VALUES (
    'reference_files', ['table_name'], NULL,
    [], [], [], [], true
);

CREATE TABLE actor_kinds (
    kind         VARCHAR NOT NULL,
    inter        UTINYINT NOT NULL,
    inter_abroad UTINYINT NOT NULL,
    armed        BOOLEAN NOT NULL,
    description  VARCHAR NOT NULL
);
COMMENT ON TABLE actor_kinds IS
    'The kinds of actors, from seeds/actor_kinds.csv.';
COMMENT ON COLUMN actor_kinds.kind IS
    'Kind, as in mention_actors.kind.';
COMMENT ON COLUMN actor_kinds.inter IS
    'ACLED''s inter code: 1 state forces, 2 rebel groups, 3 political militias, 4 identity militias, 5 rioters, 6 protesters, 7 civilians, 8 external or other forces, 0 none.';
COMMENT ON COLUMN actor_kinds.inter_abroad IS
    'The same where the event lies outside the actor''s country.';
COMMENT ON COLUMN actor_kinds.armed IS
    'Whether an attack on it is a battle rather than violence against civilians.';
COMMENT ON COLUMN actor_kinds.description IS
    'In words.';
INSERT INTO table_keys VALUES (
    'actor_kinds', ['kind'], NULL,
    [], [], [], [], true
);

CREATE TABLE countries (
    country     VARCHAR NOT NULL,
    iso3        VARCHAR NOT NULL,
    iso_numeric SMALLINT NOT NULL,
    name        VARCHAR NOT NULL,
    region      VARCHAR NOT NULL
);
COMMENT ON TABLE countries IS
    'Countries by ISO code, with the region ACLED files them under, from seeds/countries.csv.';
COMMENT ON COLUMN countries.country IS
    'ISO 3166 alpha-2.';
COMMENT ON COLUMN countries.iso3 IS
    'ISO 3166 alpha-3.';
COMMENT ON COLUMN countries.iso_numeric IS
    'ISO 3166 numeric.';
COMMENT ON COLUMN countries.name IS
    'English name.';
COMMENT ON COLUMN countries.region IS
    'ACLED''s region.';
INSERT INTO table_keys VALUES (
    'countries', ['country'], NULL,
    [], [], [], [], true
);
