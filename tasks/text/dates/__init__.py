"""Dates of a page: when it was published and changed.

In: dates as declared and as printed. Out: instants with their zone, origin and raw words, and the doubts about them.
"""
