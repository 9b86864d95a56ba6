"""A document: the bytes of a page are read as an article, or refused with a reason.

In: a fetched page and its source. Out: an ``Article`` with text, title, authors, dates and where each was found.
Rooms, from the ground up: page, dates, fields and copies, quality; ``article`` puts them together.
"""
