"""What resolution needs of the warehouse: changed mentions are read, events and stories are written.

In: mentions. Out: events with their links; an id that ended leaves an alias. The caller's transaction is used.
"""
