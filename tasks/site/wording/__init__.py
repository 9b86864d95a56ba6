"""The words of the site: rows of the warehouse in, phrases and marked sentences out. No file, no template."""
