-- How many pages of a run came with a body: the step of the funnel between discovered and stored.

ALTER TABLE runs ADD COLUMN fetched INTEGER;
COMMENT ON COLUMN runs.fetched IS
    'Links answered with a page: status 200 to 299, or read back from the archive by a reprocess.';
