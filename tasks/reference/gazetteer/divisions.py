"""Second-order units: the district or county a town of the gazetteer lies in, by GeoNames' codes and our own list."""

import csv
import gzip
from functools import cache

from tasks.reference.distance import km_between
from tasks.reference.fold import name_key
from tasks.reference.places import admin2_units
from tasks.reference.seeds import SEEDS_DIR, split_list

#: GeoNames ids of the towns of each unit; made by benchmarks/admin2.py.
CODED = SEEDS_DIR / "geonames_admin2.csv.gz"
#: A place of ours this near a town (kilometres) is in the town's unit: of towns with codes 89 in 100 such pairs are.
_NEAR_KM = 3.0
_Point = tuple[float, float]  # latitude, longitude in degrees


class Divisions:
    """Answers for one build of the gazetteer, which gives its towns before its other places."""

    def __init__(self) -> None:
        self._coded, self._named = _coded(), _named()
        self._towns: dict[tuple[str, str | None], list[tuple[_Point, str]]] = {}

    def of_town(self, number: int, name: str, country: str, admin1: str | None, point: _Point) -> str | None:
        """The unit of GeoNames' town of this id, ``None`` if neither our list nor GeoNames has one."""
        unit = self._named.get((country, admin1 or "", name_key(name))) or self._coded.get(number)
        if unit is not None:
            self._towns.setdefault((country, admin1), []).append((point, unit))
        return unit

    def of_place(self, name: str, country: str, admin1: str | None, point: _Point) -> str | None:
        """The unit of a place of ours: by name, or that of the nearest town of the same province, if one is near."""
        unit = self._named.get((country, admin1 or "", name_key(name)))
        towns = ((km_between(point, town), name) for town, name in self._towns.get((country, admin1), ()))
        distance, nearest = min(towns, default=(_NEAR_KM, None))
        return unit or (nearest if distance < _NEAR_KM else None)


@cache
def _coded() -> dict[int, str]:
    with gzip.open(CODED, "rt", encoding="utf-8", newline="") as file:
        return {int(town): row["name"] for row in csv.DictReader(file) for town in row["towns"].split()}


def _named() -> dict[tuple[str, str, str], str]:
    return {
        (unit.country, unit.admin1, name_key(place)): unit.name
        for unit in admin2_units()
        for place in split_list(unit.places)
    }
