"""The gazetteer: places by folded name, in Latin and other scripts, with country dumps that people added.

In: a name. Out: the places that have it, the most populous first. Indexes are built once a machine.
"""

from tasks.reference.gazetteer.index import (
    GazetteerPlace,
    admin1_middle,
    cache_dir,
    capital_of,
    gazetteer_file,
    lookup,
    lookup_loose,
    part_middle,
    places_by_id,
    use_dumps,
)

__all__ = [
    "GazetteerPlace",
    "admin1_middle",
    "cache_dir",
    "capital_of",
    "gazetteer_file",
    "lookup",
    "lookup_loose",
    "part_middle",
    "places_by_id",
    "use_dumps",
]
