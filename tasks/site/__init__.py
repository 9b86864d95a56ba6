"""The site: the warehouse as pages people read, from disk or from any web server, without calling anybody."""
