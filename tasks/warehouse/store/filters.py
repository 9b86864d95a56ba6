"""Which keys a table cannot hold, known without asking the table each time.

Ids are hashes, so a look-up prunes nothing: it reads the key of every row there is, and a night asks in a hundred
batches. A filter reads them once a connection (8 bytes a row) and says of a key "not there" or "maybe". It errs
towards "maybe" only: what its connection inserts is added, what is deleted or rolled back stays in, and if another
connection inserted into a table of that name it is read anew.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import duckdb
import numpy as np
from numpy.typing import NDArray

from tasks.warehouse.store.queries import quoted


@dataclass(slots=True)
class _Filter:
    """Hashes of the keys read (sorted) and of those inserted since; ``inserts`` is how many insertions it knows of."""

    read: NDArray[np.uint64]
    added: set[int] = field(default_factory=set)
    inserts: int = 0

    def __contains__(self, hashed: int) -> bool:
        at = int(np.searchsorted(self.read, np.uint64(hashed)))
        return (at < len(self.read) and int(self.read[at]) == hashed) or hashed in self.added


_FILTERS: WeakKeyDictionary[duckdb.DuckDBPyConnection, dict[str, _Filter]] = WeakKeyDictionary()
_HASHES: dict[str, int] = {}
_REMEMBERED = 50_000
#: How often rows were inserted into tables of a name, by any connection of this process.
_INSERTS: Counter[str] = Counter()


def maybe_held(con: duckdb.DuckDBPyConnection, table: str, column: str, keys: Iterable[str]) -> set[str]:
    """Those of some keys that the table may hold; the others it does not. ``column`` is the table's one key, a text."""
    wanted = sorted(set(keys))
    if not wanted:
        return set()
    key_filter = _filter(con, table, column)
    return {key for key, hashed in _hashed(con, wanted).items() if hashed in key_filter}


def note_inserted(con: duckdb.DuckDBPyConnection, table: str, keys: Iterable[str]) -> None:
    """Take down that rows with these keys were inserted."""
    _INSERTS[table] += 1
    key_filter = _FILTERS.get(con, {}).get(table)
    if key_filter is not None:
        key_filter.inserts += 1
        key_filter.added.update(_hashed(con, list(keys)).values())


def _filter(con: duckdb.DuckDBPyConnection, table: str, column: str) -> _Filter:
    filters = _FILTERS.setdefault(con, {})
    key_filter = filters.get(table)
    if key_filter is None or key_filter.inserts != _INSERTS[table]:
        read = con.execute(f"SELECT hash({quoted(column)}) AS h FROM {quoted(table)}").fetchnumpy()["h"]  # noqa: S608
        filters[table] = key_filter = _Filter(np.sort(np.asarray(read, np.uint64)), inserts=_INSERTS[table])
    return key_filter


def _hashed(con: duckdb.DuckDBPyConnection, keys: list[str]) -> dict[str, int]:
    """Each key with the hash that DuckDB gives it; late ones are remembered, for a row's key is asked for thrice."""
    if unknown := [key for key in keys if key not in _HASHES]:
        if len(_HASHES) > _REMEMBERED:
            _HASHES.clear()
            unknown = keys
        hash_query = "SELECT k, hash(k) FROM (SELECT unnest($1::VARCHAR[]) AS k)"
        _HASHES.update(con.execute(hash_query, [unknown]).fetchall())
    return {key: _HASHES[key] for key in keys}
