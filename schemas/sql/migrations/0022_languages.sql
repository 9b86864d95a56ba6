-- Several events of one word, and the language an event was read in.

ALTER TABLE mentions ADD COLUMN trigger_number UTINYINT DEFAULT 0;
COMMENT ON COLUMN mentions.trigger_number IS
    'Which of the events of one version, trigger and sub-event type it is, from 0: one word may tell of several.';
COMMENT ON COLUMN mentions.mention_id IS
    'Hash of version, trigger and sub-event type, and of trigger_number where it is not 0.';
ALTER TABLE mentions ADD COLUMN language VARCHAR DEFAULT 'en';
COMMENT ON COLUMN mentions.language IS
    'The language of the text it was read in, ISO 639-1.';
ALTER TABLE mentions ADD COLUMN translation_engine VARCHAR;
COMMENT ON COLUMN mentions.translation_engine IS
    'What translated the text it was read in; NULL where it was read in the language it was published in.';
ALTER TABLE mentions ADD COLUMN translation_version VARCHAR;
COMMENT ON COLUMN mentions.translation_version IS
    'The version of that; NULL where nothing was translated.';
COMMENT ON COLUMN llm_refusals.reason IS
    'schema, no_such_sentence, not_in_sentence, only_in_title (the text itself has no such words), unread (no rule reads a value in the words) or duplicate.';
COMMENT ON COLUMN llm_refusals.sentence IS
    'The number of the sentence it names, from 0; -1 for the title.';
COMMENT ON COLUMN llm_replies.prompt_version IS
    'What it was asked: the number of the protocol (ngec-1 for that of NGEC''s extractor) and a hash of words and form.';
