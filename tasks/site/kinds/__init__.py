"""One file a kind of page, feed or picture: rows in, the address and text of each file out. None writes to disk."""
