-- Who read the articles and coded the mentions that are stored, by name and version.
SELECT extractor AS name, extractor_version AS version FROM article_versions
UNION SELECT coder, coder_version FROM mentions
ORDER BY ALL;
