"""Decisions of people: reviews, overrides, suppressions, gazetteers; and what a language model answered.

In: a decision. Out: rows that outlive every run and rebuild. The ledger is told before the transaction ends.
"""
