-- The claims of one mention, in order.
SELECT * FROM mention_claims WHERE mention_id = $mention_id ORDER BY number;
