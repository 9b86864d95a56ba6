-- No coordinate in what people found of mentions more precise than $decimals; what a mention said names its place alone.
UPDATE reviews SET
    said = regexp_replace(said, ' at -?\d+(\.\d+)?, -?\d+(\.\d+)?', '', 'g'),
    changes = CASE WHEN json_extract(changes, '$.latitude')::DOUBLE IS NULL THEN changes
        ELSE json_merge_patch(changes, json_object(
            'latitude', round(json_extract(changes, '$.latitude')::DOUBLE, $decimals),
            'longitude', round(json_extract(changes, '$.longitude')::DOUBLE, $decimals)))::VARCHAR END;
