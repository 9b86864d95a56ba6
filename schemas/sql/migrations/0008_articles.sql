-- An address that tells another story than before is another article.
ALTER TABLE article_versions ADD COLUMN reused_on DATE;
COMMENT ON COLUMN article_versions.reused_on IS
    'Day of publication of a story whose address told another one before; NULL for the first story of an address.';
