-- Which agency a text is credited to, and the day its correction speaks of.
ALTER TABLE article_versions ADD COLUMN wire_agency VARCHAR;
ALTER TABLE article_versions ADD COLUMN corrected_on DATE;
ALTER TABLE article_versions ADD COLUMN corrected_from VARCHAR;
COMMENT ON COLUMN article_versions.wire_agency IS
    'News agency the text is credited to, by its dateline, byline or closing credit; NULL where none is named.';
COMMENT ON COLUMN article_versions.corrected_on IS
    'Day of the correction or retraction; NULL where there is no notice, or no day is told.';
COMMENT ON COLUMN article_versions.corrected_from IS
    'Where that day was read: note (its own words), or modified (the change the page declares).';
