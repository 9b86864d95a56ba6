-- Take the events as they stand for the work of resolution. Follows `standing` (stored_mentions) and `stands` (read_hashes).
, read AS (
    SELECT s.*, h.read_hash FROM standing s JOIN stands h ON h.mention_id = s.mention_id
    WHERE (s.status = 'happened' AND NOT s.aggregate AND s.confidence >= coalesce(getvariable('count_from'), 0)) OR s.status = 'denied'
)
SELECT r.*,
    []::UINTEGER[] AS words, []::UINTEGER[] AS names, []::UINTEGER[] AS details,
    coalesce(r.date_start, r.published_day - 3) AS first_day,
    least(coalesce(r.date_end, r.date_start, r.published_day), coalesce(r.date_start, r.published_day - 3) + 31) AS last_day,
    'evt_' || substring(sha256(concat('evt', chr(31), r.article_id, chr(31), r.type_group, chr(31),
        coalesce(r.date_start::VARCHAR, chr(0)), chr(31), coalesce(r.place_id, r.place_name, chr(0)), chr(31), r.number)), 1, 20)
        AS own_event_id,
    l.event_id AS cluster_id
FROM read r LEFT JOIN event_links l ON l.mention_id = r.mention_id AND l.relation <> 'denies'
ORDER BY first_day
