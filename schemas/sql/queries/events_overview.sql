-- The events as a person reads them, in a table of the terminal.
FROM events_overview;
