-- How likely each field of a mention is right, beside the characters it was read from.

ALTER TABLE mention_evidence ADD COLUMN confidence DOUBLE;
COMMENT ON COLUMN mention_evidence.confidence IS
    'How likely the field is right, 0 to 1, calibrated; NULL where no model was trained for the field.';
COMMENT ON COLUMN mentions.confidence IS
    'How likely it is that the mention tells of an event, 0 to 1, by the coder''s head of events.';
