"""Loading: a batch of coded articles becomes rows in one transaction.

In: a batch. Out: counts of rows added and changed. Every link has one outcome; health of sources follows from it.
"""

from tasks.warehouse.load.loading import load_batch

__all__ = ["load_batch"]
