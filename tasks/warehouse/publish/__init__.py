"""Publishing: the snapshot for readers, exports, traces, answers to SQL.

In: the warehouse after a run. Out: files that appear whole, by rename. Nothing here changes the warehouse.
"""

from tasks.warehouse.publish.reports import view
from tasks.warehouse.publish.snapshot import publish

__all__ = ["publish", "view"]
