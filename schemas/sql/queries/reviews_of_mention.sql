-- The verdicts that hold for one mention.
SELECT * FROM review_matches WHERE mention_id = $mention_id ORDER BY field;
