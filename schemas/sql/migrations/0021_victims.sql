-- Victims by side and kind; persons detained and displaced on events; an open upper end; one meaning of disputed.

CREATE TABLE mention_victims (
    mention_id VARCHAR NOT NULL,
    number     SMALLINT NOT NULL,
    toll       VARCHAR NOT NULL,
    side       VARCHAR,
    kind       VARCHAR NOT NULL,
    subgroup   VARCHAR,
    "within"   SMALLINT,
    low        INTEGER,
    best       INTEGER,
    high       INTEGER,
    adds_up    BOOLEAN NOT NULL,
    span_start INTEGER NOT NULL,
    span_end   INTEGER NOT NULL,
    quote      VARCHAR NOT NULL,
    rule       VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL
);
COMMENT ON TABLE mention_victims IS
    'Who the persons of a mention''s tolls were, as its text counts them apart: five children and three women of eight killed.';
COMMENT ON COLUMN mention_victims.mention_id IS
    'The mention.';
COMMENT ON COLUMN mention_victims.number IS
    'Order of the part in the mention, from 0.';
COMMENT ON COLUMN mention_victims.toll IS
    'killed, injured, detained or displaced.';
COMMENT ON COLUMN mention_victims.side IS
    'Whose they were: initiator, target, or others (neither side); NULL where the text does not tell.';
COMMENT ON COLUMN mention_victims.kind IS
    'civilian, combatant or unknown.';
COMMENT ON COLUMN mention_victims.subgroup IS
    'women, children, men, medical, press, aid or prisoners; NULL where not told.';
COMMENT ON COLUMN mention_victims."within" IS
    'Number of the part these are among, as children of twenty people: not to be added to it; NULL where of none.';
COMMENT ON COLUMN mention_victims.low IS
    'Fewest of them, as the text has it.';
COMMENT ON COLUMN mention_victims.best IS
    'How many: the figure the text gives, or the conservative reading of a vague one.';
COMMENT ON COLUMN mention_victims.high IS
    'Most of them; NULL where the text leaves it open.';
COMMENT ON COLUMN mention_victims.adds_up IS
    'Whether the parts of this toll come to the toll of the mention; kept where they do not.';
COMMENT ON COLUMN mention_victims.span_start IS
    'First character in the text.';
COMMENT ON COLUMN mention_victims.span_end IS
    'Character after the last in the text.';
COMMENT ON COLUMN mention_victims.quote IS
    'The characters: text[span_start:span_end].';
COMMENT ON COLUMN mention_victims.rule IS
    'How the figure was read, and what told the side.';
COMMENT ON COLUMN mention_victims.confidence IS
    '0 to 1, by the rule that read side and kind; not calibrated.';
INSERT INTO table_keys VALUES (
    'mention_victims', ['mention_id', 'number'], NULL,
    [], [], [], [], false
);

ALTER TABLE events ADD COLUMN killed_open BOOLEAN DEFAULT false;
ALTER TABLE events ADD COLUMN injured_open BOOLEAN DEFAULT false;
ALTER TABLE events ADD COLUMN detained_low INTEGER;
ALTER TABLE events ADD COLUMN detained_best INTEGER;
ALTER TABLE events ADD COLUMN detained_high INTEGER;
ALTER TABLE events ADD COLUMN detained_open BOOLEAN DEFAULT false;
ALTER TABLE events ADD COLUMN displaced_low INTEGER;
ALTER TABLE events ADD COLUMN displaced_best INTEGER;
ALTER TABLE events ADD COLUMN displaced_high INTEGER;
ALTER TABLE events ADD COLUMN displaced_open BOOLEAN DEFAULT false;
COMMENT ON COLUMN events.killed_open IS
    'Whether more may have been killed than killed_high: a report says "at least".';
COMMENT ON COLUMN events.injured_open IS
    'Whether more may have been injured than injured_high: a report says "at least".';
COMMENT ON COLUMN events.detained_low IS
    'The lowest low of the reports on persons detained; NULL where none says.';
COMMENT ON COLUMN events.detained_best IS
    'The most conservative best of independent reports on persons detained; NULL where none says.';
COMMENT ON COLUMN events.detained_high IS
    'The highest high of the reports on persons detained; NULL where none says.';
COMMENT ON COLUMN events.detained_open IS
    'Whether more may have been detained than detained_high: a report says "at least".';
COMMENT ON COLUMN events.displaced_low IS
    'The lowest low of the reports on persons displaced; NULL where none says.';
COMMENT ON COLUMN events.displaced_best IS
    'The most conservative best of independent reports on persons displaced; NULL where none says.';
COMMENT ON COLUMN events.displaced_high IS
    'The highest high of the reports on persons displaced; NULL where none says.';
COMMENT ON COLUMN events.displaced_open IS
    'Whether more may have been displaced than displaced_high: a report says "at least".';

-- disputed: somebody denies it; differs: its reports disagree on a field. They had one word before.
ALTER TABLE events RENAME COLUMN disputed TO differs;
ALTER TABLE events RENAME COLUMN denied TO disputed;
ALTER TABLE event_history RENAME COLUMN disputed TO differs;
ALTER TABLE event_history RENAME COLUMN denied TO disputed;
COMMENT ON COLUMN events.differs IS
    'The fields reports disagree on, and between what values.';
COMMENT ON COLUMN events.disputed IS
    'Whether somebody denies it, or that they did it: in a report of it, or in one of its own; status is disputed then.';
COMMENT ON COLUMN event_history.differs IS
    'The fields reports disagree on, and between what values.';
COMMENT ON COLUMN event_history.disputed IS
    'Whether somebody denies it, or that they did it: in a report of it, or in one of its own; status is disputed then.';

ALTER TABLE resolved_mentions ADD COLUMN detained_low INTEGER;
ALTER TABLE resolved_mentions ADD COLUMN detained_best INTEGER;
ALTER TABLE resolved_mentions ADD COLUMN detained_high INTEGER;
ALTER TABLE resolved_mentions ADD COLUMN displaced_low INTEGER;
ALTER TABLE resolved_mentions ADD COLUMN displaced_best INTEGER;
ALTER TABLE resolved_mentions ADD COLUMN displaced_high INTEGER;
ALTER TABLE resolved_mentions ADD COLUMN contested BOOLEAN DEFAULT false;
COMMENT ON COLUMN resolved_mentions.detained_low IS
    'Fewest persons detained.';
COMMENT ON COLUMN resolved_mentions.detained_best IS
    'Persons detained.';
COMMENT ON COLUMN resolved_mentions.detained_high IS
    'Most persons detained.';
COMMENT ON COLUMN resolved_mentions.displaced_low IS
    'Fewest persons displaced.';
COMMENT ON COLUMN resolved_mentions.displaced_best IS
    'Persons displaced.';
COMMENT ON COLUMN resolved_mentions.displaced_high IS
    'Most persons displaced.';
COMMENT ON COLUMN resolved_mentions.contested IS
    'Whether the report itself tells that somebody denies it, or that they did it.';
