"""Facts of the seeds that views join to: loaded into small tables whenever they change."""

from collections.abc import Sequence

import duckdb

from schemas.keys import text_sha256
from tasks.reference.actor_entries import actor_ids
from tasks.reference.actors import actor_kinds
from tasks.reference.event_types import sub_event_types
from tasks.reference.places import countries
from tasks.reference.seeds.layers import layers
from tasks.warehouse.store.write import Row, replace_all


def refresh_reference(con: duckdb.DuckDBPyConnection) -> None:
    """Load kinds of actors, countries, event types and the layers of facts if they differ from the last ones."""
    loaded = dict(con.execute("SELECT table_name, sha256 FROM reference_files").fetchall())
    facts = {
        "actor_ids": _id_rows(),
        "actor_kinds": _kind_rows(),
        "countries": _country_rows(),
        "event_types": _type_rows(),
        "seed_layers": _layer_rows(),
    }
    for table, rows in facts.items():
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


def _type_rows() -> Sequence[Row]:
    return [
        {
            "sub_event_type": name,
            "event_type": row.event_type,
            "acled_event_type": under and under.event_type,
            "acled_sub_event_type": under and under.sub_event_type,
        }
        for name, (row, under) in sub_event_types().items()
    ]


def _id_rows() -> Sequence[Row]:
    return [{"actor_id": row.actor, "scheme": row.scheme, "id": row.id, "source": row.source} for row in actor_ids()]


def _layer_rows() -> Sequence[Row]:
    return [
        {"layer": number, "name": layer.layer, "file": layer.file, "sha256": layer.sha256}
        for number, layer in enumerate(layers())
    ]
