-- Articles that were read from PDF: where each page begins.

ALTER TABLE article_versions ADD COLUMN page_starts INTEGER[] DEFAULT [];
COMMENT ON COLUMN article_versions.page_starts IS
    'Offsets into the text at which the pages of a PDF begin; empty for other documents.';
