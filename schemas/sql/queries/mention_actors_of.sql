-- The actors of one mention, in order.
SELECT * FROM mention_actors WHERE mention_id = $mention_id ORDER BY number;
