"""Quality gates: pages that are no article are refused, each with its reason.

In: a parsed page and its body. Out: None, or a rejection; and how much of an article the page gave.
"""
