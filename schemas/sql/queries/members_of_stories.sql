-- The versions of some stories.
SELECT version_id, story_id, read_hash FROM stories
WHERE story_id IN (SELECT unnest($story_ids::VARCHAR[]))
ORDER BY ALL;
