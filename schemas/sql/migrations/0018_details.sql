-- What tells two events of one place and day apart, as resolution reads it.
ALTER TABLE resolved_mentions ADD COLUMN details UINTEGER[] DEFAULT [];
COMMENT ON COLUMN resolved_mentions.details IS
    'The hours, streets (as hashes) and ages told around it, each with its kind in the two lowest bits.';
