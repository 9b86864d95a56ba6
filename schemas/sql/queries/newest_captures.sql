-- The newest page we fetched ourselves from each of the hosts asked last: where its record is kept.
WITH newest AS (
    SELECT split_part(url, '/', 3) AS host, warc_file, warc_offset, warc_length, captured_at
    FROM captures
    WHERE archive IS NULL
    ORDER BY captured_at DESC
    LIMIT 500
)
SELECT arg_max(struct_pack(warc_file, warc_offset, warc_length, captured_at), captured_at) AS kept
FROM newest
GROUP BY host
ORDER BY max(captured_at) DESC
LIMIT 15;
