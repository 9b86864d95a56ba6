"""Fields of an article: body, title, authors, section, agency, corrections.

In: a parsed page. Out: each value with where it stood; nothing is guessed that the page does not show.
"""
