-- Captures that ledger and warehouse do not tell alike. told_captures holds those of loaded batches.
WITH told AS (SELECT DISTINCT ON (capture_id) * FROM told_captures WHERE loaded ORDER BY capture_id, warc_file, warc_offset)
SELECT 'capture_missing' AS what, t.capture_id, t.url, t.warc_file, t.warc_offset
FROM told t ANTI JOIN w.captures c ON c.capture_id = t.capture_id
UNION ALL
SELECT 'capture_unknown', c.capture_id, c.url, c.warc_file, c.warc_offset
FROM w.captures c ANTI JOIN told_captures t ON t.capture_id = c.capture_id
UNION ALL
SELECT 'capture_differs', c.capture_id, c.url, c.warc_file, c.warc_offset
FROM w.captures c SEMI JOIN told_captures s ON s.capture_id = c.capture_id
ANTI JOIN told_captures t ON t.capture_id = c.capture_id AND t.warc_file = c.warc_file
    AND t.warc_offset = c.warc_offset AND t.warc_length = c.warc_length AND t.sha256 = c.sha256
    AND t.byte_length = c.byte_length AND t.url = c.url
ORDER BY what, capture_id;
