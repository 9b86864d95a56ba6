-- The one table that must exist before any migration: which of them were applied.

CREATE TABLE migrations (
    number     INTEGER NOT NULL,
    name       VARCHAR NOT NULL,
    sha256     VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE migrations IS
    'The migrations applied to this file, in order.';
COMMENT ON COLUMN migrations.number IS
    'Number of the migration.';
COMMENT ON COLUMN migrations.name IS
    'File name.';
COMMENT ON COLUMN migrations.sha256 IS
    'SHA-256 of the file when it was applied; a changed file is refused.';
COMMENT ON COLUMN migrations.applied_at IS
    'When it was applied (UTC).';
