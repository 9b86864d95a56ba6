"""The page itself: bytes are decoded and parsed once, and what the page declares is gathered in one walk.

In: bytes. Out: a tree, the declared values, the language. Nothing is judged here.
"""
