"""Which gazetteers people added, as the warehouse and its ledger know them."""

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from tasks.warehouse.store.connect import transaction
from tasks.warehouse.store.queries import rows_of
from tasks.warehouse.store.rows import Row, Tell, tell_nobody
from tasks.warehouse.store.write import upsert


@dataclass(frozen=True, slots=True)
class AddedGazetteer:
    """A country's dump: a row of ``gazetteers``, whose comments say what each field holds."""

    country: str
    sha256: str
    file: str
    dumped_on: date | None
    places: int
    names: int
    skipped: int
    bad: int
    licence: str
    added_at: datetime


def gazetteers(con: duckdb.DuckDBPyConnection) -> list[AddedGazetteer]:
    """The gazetteers in use, by country."""
    return [AddedGazetteer(**row) for row in rows_of(con, "FROM gazetteers ORDER BY country")]


def save_gazetteer(con: duckdb.DuckDBPyConnection, row: Row, notify: Tell = tell_nobody) -> None:
    """Write one, over the one its country had; it is told before it stands."""
    with transaction(con):
        upsert(con, "gazetteers", [row])
        notify([row])


def forget_gazetteer(con: duckdb.DuckDBPyConnection, country: str, notify: Tell = tell_nobody) -> bool:
    """Take a country's off the list; whether there was one. Its key is told before it is gone."""
    with transaction(con):
        gone = con.execute("DELETE FROM gazetteers WHERE country = ? RETURNING country", [country]).fetchall()
        if gone:
            notify([{"country": country}])
    return bool(gone)
