-- The changed events that stand (part.touched) with all that hangs on them, as tables of the same names in `part`.
CREATE TABLE part.events AS SELECT e.* FROM events e SEMI JOIN part.touched t ON t.event_id = e.event_id;
CREATE TABLE part.event_links AS SELECT l.* FROM event_links l SEMI JOIN part.touched t ON t.event_id = l.event_id;
CREATE TABLE part.wanted AS
SELECT mention_id FROM part.event_links UNION SELECT anchor_mention_id FROM part.events;
CREATE TABLE part.mentions AS SELECT m.* FROM mentions m SEMI JOIN part.wanted w ON w.mention_id = m.mention_id;
CREATE TABLE part.mention_actors AS
SELECT m.* FROM mention_actors m SEMI JOIN part.wanted w ON w.mention_id = m.mention_id;
CREATE TABLE part.mention_claims AS
SELECT m.* FROM mention_claims m SEMI JOIN part.wanted w ON w.mention_id = m.mention_id;
CREATE TABLE part.mention_evidence AS
SELECT m.* FROM mention_evidence m SEMI JOIN part.wanted w ON w.mention_id = m.mention_id;
CREATE TABLE part.mention_victims AS
SELECT m.* FROM mention_victims m SEMI JOIN part.wanted w ON w.mention_id = m.mention_id;
-- A view, kept as rows: which mention a verdict holds for depends on the others of its article.
CREATE TABLE part.review_matches AS
SELECT m.* FROM review_matches m SEMI JOIN part.wanted w ON w.mention_id = m.mention_id;
CREATE TABLE part.articles AS SELECT a.* FROM articles a SEMI JOIN part.mentions m ON m.article_id = a.article_id;
CREATE TABLE part.article_versions AS
SELECT v.* FROM article_versions v SEMI JOIN part.mentions m ON m.version_id = v.version_id;
CREATE TABLE part.contents AS
SELECT c.* FROM contents c SEMI JOIN part.article_versions v ON v.content_sha256 = c.content_sha256;
CREATE TABLE part.stories AS SELECT s.* FROM stories s SEMI JOIN part.article_versions v ON v.version_id = s.version_id;
CREATE TABLE part.sources AS FROM sources;
