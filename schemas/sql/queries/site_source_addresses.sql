-- What each address of a source answered when it was last asked.
SELECT source_id, kind, url, requested_at, status, entries, error, detail
FROM probes
QUALIFY row_number() OVER (PARTITION BY source_id, url ORDER BY requested_at DESC, probe_id) = 1
ORDER BY source_id, kind, url;
