"""The network: sources are asked, links are fetched, and every answer is kept before it is read.

In: a source, or a link, and the settings. Out: links with their origin, fetched pages, or an outcome with its reason.
Rooms, from the ground up: urls, http, archive and readers, fetching, discovery and imports.
No exception of a library leaves this folder; nothing here writes to the warehouse.
"""
