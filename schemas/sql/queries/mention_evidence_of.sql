-- The evidence of one mention, in order.
SELECT * FROM mention_evidence WHERE mention_id = $mention_id ORDER BY number;
