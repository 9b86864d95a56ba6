"""The store: connections, the lock, migrations, views, and the one writer of rows.

In: rows as dictionaries. Out: what was added, changed or left. What is a key is data in ``table_keys``.
Write only through ``write``; one transaction a batch.
"""

from tasks.warehouse.store.connect import open_reader, open_writer, transaction
from tasks.warehouse.store.queries import fetch_rows
from tasks.warehouse.store.write import Row, upsert

__all__ = ["Row", "fetch_rows", "open_reader", "open_writer", "transaction", "upsert"]
