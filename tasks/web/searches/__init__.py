"""Searches: what services that know pages of any outlet answer, a file a service, page by page.

In: a search of a source, a window, and who makes requests. Out: pages with entries, read apart. Judges nothing.
"""
