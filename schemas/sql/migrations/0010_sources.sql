-- What an entry of a source says beyond its feeds: archives, WordPress, lists, manners and expectations.

ALTER TABLE sources ALTER COLUMN sections TYPE STRUCT(url VARCHAR, selector VARCHAR, archive VARCHAR, first_page INTEGER)[]
    USING list_transform(sections, lambda section: struct_pack(
        url := section.url, selector := section.selector, archive := NULL::VARCHAR, first_page := 1));
ALTER TABLE sources ADD COLUMN archive_sitemaps VARCHAR[] DEFAULT [];
ALTER TABLE sources ADD COLUMN wordpress VARCHAR;
ALTER TABLE sources ADD COLUMN url_lists VARCHAR[] DEFAULT [];
ALTER TABLE sources ADD COLUMN robots VARCHAR DEFAULT 'obey';
ALTER TABLE sources ADD COLUMN tdm VARCHAR DEFAULT 'respect';
ALTER TABLE sources ADD COLUMN tls VARCHAR DEFAULT 'verify';
ALTER TABLE sources ADD COLUMN tls_reason VARCHAR DEFAULT '';
ALTER TABLE sources ADD COLUMN expected STRUCT(min DOUBLE, max DOUBLE);
ALTER TABLE sources ADD COLUMN max_age_days INTEGER DEFAULT 14;
ALTER TABLE sources ADD COLUMN verified_on DATE;
COMMENT ON TABLE sources IS
    'The outlets, as seeds/sources/ described them when they were last run.';
COMMENT ON COLUMN sources.source_id IS
    'Short name of the source, e.g. north-press-en; the key in seeds/sources/.';
COMMENT ON COLUMN sources.sections IS
    'Pages that list articles, with the CSS selector of the links and the pattern of their archive.';
COMMENT ON COLUMN sources.archive_sitemaps IS
    'Sitemaps of the whole site, read in backfills only.';
COMMENT ON COLUMN sources.wordpress IS
    'Base of its WordPress REST API; NULL where it has none.';
COMMENT ON COLUMN sources.url_lists IS
    'Plain lists of addresses: on the web, or files.';
COMMENT ON COLUMN sources.robots IS
    'obey: robots.txt is obeyed.';
COMMENT ON COLUMN sources.tdm IS
    'What a reservation of rights on a page means: respect leaves the page out, note keeps it and records the reservation.';
COMMENT ON COLUMN sources.tls IS
    'verify, or unverified where its certificate is not checked.';
COMMENT ON COLUMN sources.tls_reason IS
    'Why its certificate is not checked; empty where it is.';
COMMENT ON COLUMN sources.expected IS
    'New items it is expected to offer a day, least and most; NULL inside where nobody has counted.';
COMMENT ON COLUMN sources.max_age_days IS
    'Days its newest item may be old before it counts as silent.';
COMMENT ON COLUMN sources.verified_on IS
    'The day somebody last saw one of its addresses other than feeds answer; NULL if nobody did.';
