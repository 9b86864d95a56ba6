-- Where a capture came from, if not from the site itself: an archive's own time and place, apart from ours.

ALTER TABLE captures ADD COLUMN archive VARCHAR;
COMMENT ON COLUMN captures.archive IS
    'The archive the bytes were taken from: a WARC file''s name or a CDX address; NULL where we asked the site itself.';
ALTER TABLE captures ADD COLUMN archive_record VARCHAR;
COMMENT ON COLUMN captures.archive_record IS
    'What names the record there: its WARC-Record-ID, or the address of the raw capture.';
ALTER TABLE captures ADD COLUMN archived_at TIMESTAMPTZ;
COMMENT ON COLUMN captures.archived_at IS
    'When the archive captured it (UTC), by its own word; captured_at is when we took it over.';
UPDATE table_keys SET kept_columns = list_concat(kept_columns, ['archive', 'archive_record', 'archived_at'])
WHERE table_name = 'captures';
