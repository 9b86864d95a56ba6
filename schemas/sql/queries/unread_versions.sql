-- Of some versions those that no capture is read as: the page is refused now, or read as another text.
SELECT asked.version_id
FROM (SELECT unnest($version_ids::VARCHAR[]) AS version_id) asked
ANTI JOIN captures USING (version_id)
ORDER BY asked.version_id;
