-- No coordinate in the lists of what a reprocess changed more precise than $decimals.
UPDATE reprocess_changes SET
    old_value = round(TRY_CAST(old_value AS DOUBLE), $decimals)::VARCHAR,
    new_value = round(TRY_CAST(new_value AS DOUBLE), $decimals)::VARCHAR
WHERE field IN ('latitude', 'longitude');
