-- In which version the coder last read a mention is a stamp: it follows the last reading, as a commit of the code that
-- changes nothing in what is read is no change of what the warehouse says of the world.

UPDATE table_keys SET last_columns = ['coder_version'] WHERE table_name = 'mentions';
COMMENT ON COLUMN mentions.coder_version IS
    'Its version when it last read the mention so; no part of the state, for new code that reads the same changes nothing.';

UPDATE table_keys SET last_columns = ['coder'] WHERE table_name = 'mention_evidence';
