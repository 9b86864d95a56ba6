"""Care: the warehouse is counted, compared with the ledger, written again, compacted, and made to forget.

In: the warehouse and the ledger. Out: findings, or a warehouse in the state the ledger describes.
"""

from tasks.warehouse.care.checks import state_hash
from tasks.warehouse.care.compact import write_copy

__all__ = ["state_hash", "write_copy"]
