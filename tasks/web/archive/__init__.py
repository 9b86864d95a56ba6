"""The WARC archive: requests and answers as they went over the wire.

In: a request with its answer. Out: the place it was written to; later its body again, or how it is damaged.
Files are only appended to. ``erasing`` alone overwrites, when a page has to be erased.
"""

from tasks.web.archive.captures import Archive, Damaged, read_body

__all__ = ["Archive", "Damaged", "read_body"]
