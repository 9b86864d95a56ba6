-- What backfills read, what an archive's own digest said, and what a reprocess changed.

ALTER TABLE captures ADD COLUMN archive_check VARCHAR;
COMMENT ON COLUMN captures.archive_check IS
    'The digest the archive states for these bytes, and whether it agrees with them; NULL where we asked the site itself.';
UPDATE table_keys SET kept_columns = list_append(kept_columns, 'archive_check') WHERE table_name = 'captures';

CREATE TABLE backfills (
    origin     VARCHAR NOT NULL,
    kind       VARCHAR NOT NULL,
    places     VARCHAR[] NOT NULL,
    dated_by   VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE backfills IS
    'Where the backfills of each origin read from: a window done from one place is not done from another.';
COMMENT ON COLUMN backfills.origin IS
    'The origin of the runs: backfill, with the kind and a hash of the places where they are not the sites themselves.';
COMMENT ON COLUMN backfills.kind IS
    'site, warc or cdx.';
COMMENT ON COLUMN backfills.places IS
    'The WARC files and folders, or the address of the CDX server; empty for the sites themselves.';
COMMENT ON COLUMN backfills.dated_by IS
    'What placed a page in a window: its capture by the archive, or its publication.';
COMMENT ON COLUMN backfills.started_at IS
    'When the first backfill of this origin began (UTC).';
INSERT INTO table_keys VALUES (
    'backfills', ['origin'], NULL,
    [], [], [], ['started_at'], true
);

CREATE TABLE reprocess_changes (
    run_id     VARCHAR NOT NULL,
    subject    VARCHAR NOT NULL,
    subject_id VARCHAR NOT NULL,
    field      VARCHAR NOT NULL,
    action     VARCHAR NOT NULL,
    old_value  VARCHAR,
    new_value  VARCHAR,
    source_id  VARCHAR,
    url        VARCHAR
);
COMMENT ON TABLE reprocess_changes IS
    'What each reprocess changed, field by field: one row per thing and field that is not as it was before.';
COMMENT ON COLUMN reprocess_changes.run_id IS
    'The reprocess.';
COMMENT ON COLUMN reprocess_changes.subject IS
    'article, outcome, mention or event.';
COMMENT ON COLUMN reprocess_changes.subject_id IS
    'Its id (article, capture, mention, event) after the run; before it, where it is gone.';
COMMENT ON COLUMN reprocess_changes.field IS
    'The field that changed; empty where the whole thing was added or removed.';
COMMENT ON COLUMN reprocess_changes.action IS
    'added, changed or removed.';
COMMENT ON COLUMN reprocess_changes.old_value IS
    'Its value before; of a text the words around the first difference. NULL where there was none.';
COMMENT ON COLUMN reprocess_changes.new_value IS
    'Its value after; of a text the words around the first difference. NULL where there is none.';
COMMENT ON COLUMN reprocess_changes.source_id IS
    'The source of the page; NULL for events, which may have several.';
COMMENT ON COLUMN reprocess_changes.url IS
    'The page; NULL for events.';
INSERT INTO table_keys VALUES (
    'reprocess_changes', ['run_id', 'subject', 'subject_id', 'field'], NULL,
    [], [], [], [], true
);
