"""Readers of lists: feeds, sitemaps, section pages, WordPress, plain lists.

In: the bytes of an answer. Out: a ``Reading`` with its entries, or why it cannot be read.
A reader makes no request and judges no link; whatever the bytes are, it returns within its limits.
"""
