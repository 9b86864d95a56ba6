"""Copies: texts that are the same story, and what changed between two versions of one.

In: texts. Out: fingerprints, groups of near-duplicates, differences word by word.
"""
