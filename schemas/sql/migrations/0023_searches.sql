-- Searches: sources that find pages of others, and the outlets that are known by them alone.

ALTER TABLE sources ADD COLUMN searches STRUCT(kind VARCHAR, url VARCHAR, query VARCHAR, collections INTEGER[])[] DEFAULT [];
ALTER TABLE sources ADD COLUMN discovered_by VARCHAR DEFAULT '';
COMMENT ON COLUMN sources.searches IS
    'The services it is asked for pages of any outlet, with kind, address, query and collections; empty for outlets.';
COMMENT ON COLUMN sources.discovered_by IS
    'The source whose search found it, where nobody has reviewed it since; empty for all others.';
