"""What writes the site: its folder, the way to ask for rows, and the template engine. Knows nothing of events."""
