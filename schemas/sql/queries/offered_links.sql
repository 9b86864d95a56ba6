-- The links that addresses with a validator gave when they were last read, in the order they gave them.
WITH listed AS (
    SELECT a.source_id, a.url AS address, a.kind AS address_kind, a.read_run_id,
        unnest(a.link_ids) AS link_id, generate_subscripts(a.link_ids, 1) AS place
    FROM addresses a
    JOIN runs r ON r.run_id = a.run_id AND r.state = 'done'
    WHERE a.source_id IN (SELECT unnest($source_ids::VARCHAR[]))
        AND (a.etag IS NOT NULL OR a.last_modified IS NOT NULL)
)
SELECT l.address, f.source_id, f.url, f.canonical_url, l.address_kind AS found_in, l.address AS found_at, f.title_hint,
    f.published_hint, f.published_raw, f.modified_raw
FROM listed l JOIN fetches f ON f.run_id = l.read_run_id AND f.link_id = l.link_id
ORDER BY f.source_id, l.address, l.place;
