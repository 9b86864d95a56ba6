"""Facts of the seeds that views join to: loaded into small tables whenever they change."""

from collections.abc import Sequence

import duckdb

from schemas.keys import text_sha256
from tasks.reference.actors import actor_kinds
from tasks.reference.places import countries
from tasks.warehouse.store.write import Row, replace_all


def refresh_reference(con: duckdb.DuckDBPyConnection) -> None:
    """Load kinds of actors and countries where they differ from what was loaded last."""
    loaded = dict(con.execute("SELECT table_name, sha256 FROM reference_files").fetchall())
    for table, rows in (("actor_kinds", _kind_rows()), ("countries", _country_rows())):
        sha256 = text_sha256(repr(sorted(row.items())) for row in rows)
        if loaded.get(table) != sha256:
            con.begin()
            replace_all(con, table, rows)
            con.execute("DELETE FROM reference_files WHERE table_name = ?", [table])
            con.execute("INSERT INTO reference_files VALUES (?, ?)", [table, sha256])
            con.commit()


def _kind_rows() -> Sequence[Row]:
    return [
        {
            "kind": kind.kind,
            "inter": kind.inter,
            "inter_abroad": kind.inter_abroad,
            "armed": kind.armed,
            "description": kind.description,
        }
        for kind in actor_kinds().values()
    ]


def _country_rows() -> Sequence[Row]:
    return [
        {
            "country": country.iso2,
            "iso3": country.iso3,
            "iso_numeric": country.iso_numeric,
            "name": country.name,
            "region": country.region,
        }
        for country in countries().values()
    ]
