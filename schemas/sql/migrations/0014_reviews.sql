-- What people judge, what a model was asked and said, and the gazetteers people add. All of it is written outside of
-- what pages say, told to the ledger as rows, and written again by a rebuild.

CREATE TABLE reviews (
    mention_id      VARCHAR NOT NULL,
    field           VARCHAR NOT NULL,
    verdict         VARCHAR NOT NULL,
    said            VARCHAR NOT NULL,
    value           VARCHAR,
    changes         VARCHAR NOT NULL,
    actors          VARCHAR,
    article_id      VARCHAR NOT NULL,
    version_id      VARCHAR NOT NULL,
    trigger_start   INTEGER NOT NULL,
    trigger_end     INTEGER NOT NULL,
    trigger         VARCHAR NOT NULL,
    sentence_sha256 VARCHAR NOT NULL,
    sub_event_type  VARCHAR NOT NULL,
    coder           VARCHAR NOT NULL,
    coder_version   VARCHAR NOT NULL,
    confidence      DOUBLE NOT NULL,
    note            VARCHAR NOT NULL,
    reviewer        VARCHAR NOT NULL,
    reviewed_at     TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE reviews IS
    'What people found of mentions. A verdict overrides what a coder reads, in every later reading of the same words.';
COMMENT ON COLUMN reviews.mention_id IS
    'The mention as it was called when it was reviewed.';
COMMENT ON COLUMN reviews.field IS
    'The field judged: type, status, date, place, initiators, targets, killed, injured, detained or displaced; empty for the mention as a whole.';
COMMENT ON COLUMN reviews.verdict IS
    'accept (it is as read), correct (it is value) or reject (the text tells of no such event).';
COMMENT ON COLUMN reviews.said IS
    'What the coder had read, as JSON: the value of each field that had one.';
COMMENT ON COLUMN reviews.value IS
    'The right value as the reviewer wrote it; NULL where nothing was corrected.';
COMMENT ON COLUMN reviews.changes IS
    'The columns of mentions this verdict settles, as JSON; for accept the values as they were seen.';
COMMENT ON COLUMN reviews.actors IS
    'The sides this verdict settles, as JSON: the actors of each role; NULL where it settles none.';
COMMENT ON COLUMN reviews.article_id IS
    'The article.';
COMMENT ON COLUMN reviews.version_id IS
    'The version that was shown.';
COMMENT ON COLUMN reviews.trigger_start IS
    'First character of the words that told of the event, in that version.';
COMMENT ON COLUMN reviews.trigger_end IS
    'Character after them.';
COMMENT ON COLUMN reviews.trigger IS
    'Those words.';
COMMENT ON COLUMN reviews.sentence_sha256 IS
    'SHA-256 of the sentence that was shown: the verdict holds where another version has it too.';
COMMENT ON COLUMN reviews.sub_event_type IS
    'The sub-event type that was shown.';
COMMENT ON COLUMN reviews.coder IS
    'Who had read it.';
COMMENT ON COLUMN reviews.coder_version IS
    'In which version.';
COMMENT ON COLUMN reviews.confidence IS
    'The confidence it had.';
COMMENT ON COLUMN reviews.note IS
    'Why, in the words of the reviewer; may be empty.';
COMMENT ON COLUMN reviews.reviewer IS
    'Who judged.';
COMMENT ON COLUMN reviews.reviewed_at IS
    'When (UTC).';
INSERT INTO table_keys VALUES (
    'reviews', ['mention_id', 'field'], NULL,
    [], [], ['reviewer', 'reviewed_at'], [], false
);

CREATE TABLE llm_replies (
    run_id         VARCHAR NOT NULL,
    version_id     VARCHAR NOT NULL,
    request_sha256 VARCHAR NOT NULL,
    host           VARCHAR NOT NULL,
    model          VARCHAR NOT NULL,
    prompt_version VARCHAR NOT NULL,
    scope          VARCHAR NOT NULL,
    below          DOUBLE NOT NULL,
    outcome        VARCHAR NOT NULL,
    detail         VARCHAR NOT NULL,
    cached         BOOLEAN NOT NULL,
    reply          VARCHAR,
    attempts       INTEGER NOT NULL,
    input_tokens   INTEGER NOT NULL,
    output_tokens  INTEGER NOT NULL,
    cost           DOUBLE NOT NULL,
    asked_at       TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE llm_replies IS
    'What a language model was asked of article versions, and what it said: one row per run and version.';
COMMENT ON COLUMN llm_replies.run_id IS
    'The run that asked.';
COMMENT ON COLUMN llm_replies.version_id IS
    'The article version asked about.';
COMMENT ON COLUMN llm_replies.request_sha256 IS
    'SHA-256 of host, model, prompt version and what was sent of the article: the key of the cache.';
COMMENT ON COLUMN llm_replies.host IS
    'Where the model was asked.';
COMMENT ON COLUMN llm_replies.model IS
    'The model, as its server calls it.';
COMMENT ON COLUMN llm_replies.prompt_version IS
    'Version of the prompt and of the form of the reply.';
COMMENT ON COLUMN llm_replies.scope IS
    'all (the model reads the article) or unsure (only mentions below a confidence are read again).';
COMMENT ON COLUMN llm_replies.below IS
    'That confidence.';
COMMENT ON COLUMN llm_replies.outcome IS
    'answered; or why not: budget, timeout, rate_limited, server_error, unreachable, unauthorized, refused, too_long, bad_reply. The default coder''s result stands then.';
COMMENT ON COLUMN llm_replies.detail IS
    'What was seen, for people.';
COMMENT ON COLUMN llm_replies.cached IS
    'Whether the answer was at hand already and nobody was asked.';
COMMENT ON COLUMN llm_replies.reply IS
    'The reply as it was given; NULL where there is none. What of it does not stand in the text is in llm_refusals.';
COMMENT ON COLUMN llm_replies.attempts IS
    'Requests sent.';
COMMENT ON COLUMN llm_replies.input_tokens IS
    'Tokens read, as the server counts them; our estimate where it does not.';
COMMENT ON COLUMN llm_replies.output_tokens IS
    'Tokens written.';
COMMENT ON COLUMN llm_replies.cost IS
    'Tokens times the prices of the settings.';
COMMENT ON COLUMN llm_replies.asked_at IS
    'When (UTC).';
INSERT INTO table_keys VALUES (
    'llm_replies', ['run_id', 'version_id'], NULL,
    [], [], ['asked_at'], [], true
);

CREATE TABLE llm_refusals (
    run_id     VARCHAR NOT NULL,
    version_id VARCHAR NOT NULL,
    number     INTEGER NOT NULL,
    event      INTEGER NOT NULL,
    field      VARCHAR NOT NULL,
    sentence   INTEGER,
    quote      VARCHAR,
    reason     VARCHAR NOT NULL,
    detail     VARCHAR NOT NULL
);
COMMENT ON TABLE llm_refusals IS
    'What a language model said and nothing was made of: values whose words do not stand where it says, or say nothing.';
COMMENT ON COLUMN llm_refusals.run_id IS
    'The run that asked.';
COMMENT ON COLUMN llm_refusals.version_id IS
    'The article version asked about.';
COMMENT ON COLUMN llm_refusals.number IS
    'Order of the refusal, from 0.';
COMMENT ON COLUMN llm_refusals.event IS
    'Which event of the reply, from 0.';
COMMENT ON COLUMN llm_refusals.field IS
    'Which field of it.';
COMMENT ON COLUMN llm_refusals.sentence IS
    'The number of the sentence it names, from 0.';
COMMENT ON COLUMN llm_refusals.quote IS
    'The words it gives.';
COMMENT ON COLUMN llm_refusals.reason IS
    'schema, no_such_sentence, not_in_sentence, unread (no rule reads a value in the words) or duplicate.';
COMMENT ON COLUMN llm_refusals.detail IS
    'More for people; may be empty.';
INSERT INTO table_keys VALUES (
    'llm_refusals', ['run_id', 'version_id', 'number'], NULL,
    [], [], [], [], true
);

ALTER TABLE mention_evidence ADD COLUMN coder VARCHAR DEFAULT '';
COMMENT ON COLUMN mention_evidence.coder IS
    'Who chose these characters, with the version: a coder, or llm:<model> with its prompt; empty for the coder of the mention.';

CREATE TABLE gazetteers (
    country   VARCHAR NOT NULL,
    sha256    VARCHAR NOT NULL,
    file      VARCHAR NOT NULL,
    dumped_on DATE,
    places    INTEGER NOT NULL,
    names     INTEGER NOT NULL,
    skipped   INTEGER NOT NULL,
    bad       INTEGER NOT NULL,
    licence   VARCHAR NOT NULL,
    added_at  TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE gazetteers IS
    'Country files of GeoNames that people added: which places are known beside those that come with the code.';
COMMENT ON COLUMN gazetteers.country IS
    'ISO 3166 alpha-2 code.';
COMMENT ON COLUMN gazetteers.sha256 IS
    'SHA-256 of the dump as it was given; its first digits are part of the version of coders that use it.';
COMMENT ON COLUMN gazetteers.file IS
    'The index made of it, in the folder gazetteers of the data folder.';
COMMENT ON COLUMN gazetteers.dumped_on IS
    'The newest day on which a line of it was changed; NULL where no line says.';
COMMENT ON COLUMN gazetteers.places IS
    'Places taken in.';
COMMENT ON COLUMN gazetteers.names IS
    'Their names, folded.';
COMMENT ON COLUMN gazetteers.skipped IS
    'Lines of features that are no places events happen at, as streams and shops.';
COMMENT ON COLUMN gazetteers.bad IS
    'Lines that could not be read.';
COMMENT ON COLUMN gazetteers.licence IS
    'What its licence asks to be said.';
COMMENT ON COLUMN gazetteers.added_at IS
    'When (UTC).';
INSERT INTO table_keys VALUES (
    'gazetteers', ['country'], NULL,
    [], [], ['added_at'], [], true
);
