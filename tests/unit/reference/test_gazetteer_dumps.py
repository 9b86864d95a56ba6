"""Country dumps: every line checked, the bad ones told, and villages found beside the towns there are."""

import json
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.errors import GazetteerError
from tasks.reference.gazetteer import lookup, lookup_loose, use_dumps
from tasks.reference.gazetteer.dumps import activate, active_dumps, version_with
from tasks.reference.gazetteer.intake import take_in


def line(number: int, name: str, **cells: object) -> str:
    """A line of a dump: a village near Palmyra, unless told otherwise."""
    told = {
        "ascii": name, "others": "", "lat": "34.55", "lon": "38.28", "class": "P", "code": "PPL", "country": "SY",
        "cc2": "", "admin1": "11", "a2": "", "a3": "", "a4": "", "population": "0", "elevation": "", "dem": "400",
        "zone": "Asia/Damascus", "day": "2024-01-31",
    } | {key: str(value) for key, value in cells.items()}  # fmt: skip
    return "\t".join((str(number), name, *told.values()))


GOOD = [
    line(900000001, "Tall Qumash", others="Tell Qomash,تل قماش,tlqmsh,QMS", day="2024-05-02"),
    line(900000002, "Wādī Ghaznah", ascii="Wadi Ghaznah", **{"class": "H", "code": "WAD"}),
    line(900000003, "Bi’r Nowhere", **{"class": "H", "code": "WLL"}),
    line(900000004, "Qumash Airfield", **{"class": "S", "code": "AIRF"}, population=""),
    line(900000005, "Old Qumash", code="PPLH"),
    # A town that comes with the code, under the id it has there.
    line(172955, "Damascus Again", others="Dimashq", population=1),
]


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    use_dumps(())


def a_dump(folder: Path, lines: list[str], name: str = "SY.txt") -> Path:
    file = folder / name
    file.write_text("".join(f"{told}\n" for told in lines), encoding="utf-8", newline="")
    return file


def test_a_place_lies_in_the_second_order_division_its_dump_names(tmp_path: Path) -> None:
    district = line(900000010, "Tadmur District", **{"class": "A", "code": "ADM2"}, a2="1106")
    inside = line(900000011, "Tall Bayda", a2="1106")
    taken = take_in(a_dump(tmp_path, [inside, district, GOOD[0]]), tmp_path / "gazetteers")
    use_dumps((tmp_path / "gazetteers" / taken.file_name,))
    assert [place.admin2 for place in lookup("Tall Bayda")] == ["Tadmur District"]
    assert [place.admin2 for place in lookup("Tall Qumash")] == [None]


def test_a_town_known_without_a_division_has_that_of_the_dump(tmp_path: Path) -> None:
    known = lookup("Beirut")[0]
    assert known.admin2 is None
    cells = {"country": "LB", "admin1": "04", "a2": "04.1"}
    town = line(int(known.id.removeprefix("gn:")), "Beirut", **cells)
    unit = line(900000012, "Beirut District", **cells, **{"class": "A", "code": "ADM2"})
    taken = take_in(a_dump(tmp_path, [town, unit], "LB.txt"), tmp_path)
    use_dumps((tmp_path / taken.file_name,))
    assert lookup("Beirut")[0].admin2 == "Beirut District"


def test_villages_are_found_by_any_of_their_names_and_only_while_in_use(tmp_path: Path) -> None:
    taken = take_in(a_dump(tmp_path, GOOD), tmp_path / "gazetteers")
    assert (taken.country, taken.places, taken.skipped, taken.bad) == ("SY", 4, 2, 0)
    assert str(taken.dumped_on) == "2024-05-02"
    assert lookup("Tall Qumash") == ()
    use_dumps((tmp_path / "gazetteers" / taken.file_name,))
    for name in ("Tall Qumash", "tell qomash", "تل قماش"):
        (found,) = lookup(name)
        assert (found.id, found.kind, found.country, found.precision) == ("gn:900000001", "village", "SY", 1)
    assert (found.latitude, found.longitude, found.admin1) == (34.55, 38.28, "Homs")
    assert lookup("tlqmsh") == lookup("QMS") == lookup("Old Qumash") == lookup("Bir Nowhere") == ()
    assert [place.id for place in lookup_loose("Tall Qumaash")] == ["gn:900000001"]
    assert lookup("Qumash Airfield")[0].kind == "airbase"
    assert lookup("Wadi Ghaznah")[0].precision == 5
    use_dumps(())
    assert lookup("Tall Qumash") == ()


def test_a_town_that_is_known_already_stays_as_it_is(tmp_path: Path) -> None:
    known = lookup("Damascus")[0]
    clash = line(known.id.removeprefix("gn:"), "Damascus", population=9_999_999, lat=1, lon=1)  # type: ignore[arg-type]
    small = line(900000009, "Damascus", population=3)
    taken = take_in(a_dump(tmp_path, [clash, small]), tmp_path)
    use_dumps((tmp_path / taken.file_name,))
    found = lookup("Damascus")
    assert found[0] == known
    assert [place.id for place in found].count(known.id) == 1
    assert "gn:900000009" in [place.id for place in found]
    assert [place.population for place in found] == sorted((place.population for place in found), reverse=True)


def test_bad_lines_are_counted_and_told_and_a_zip_is_read_like_its_file(tmp_path: Path) -> None:
    bad = [
        "no columns at all",
        line(900000011, "Far North", lat="95"),
        line(900000012, "Nowhere", country="ZQ"),
        line(900000013, "Abroad", country="IQ"),
        line(900000014, "No Number", population="many"),
        line(900000015, "", ascii=""),
    ]
    lines = [line(910000000 + n, f"Village {n}") for n in range(60)] + bad
    plain = take_in(a_dump(tmp_path, lines), tmp_path / "plain")
    assert (plain.places, plain.bad) == (60, 6)
    assert plain.examples[:2] == ["line 61: 1 columns instead of 19", "line 62: no such point: 95, 38.28"]
    with zipfile.ZipFile(tmp_path / "SY.zip", "w") as archive:
        archive.write(tmp_path / "SY.txt", "SY.txt")
        archive.writestr("readme.txt", "about\n")
    zipped = take_in(tmp_path / "SY.zip", tmp_path / "zipped")
    assert (zipped.sha256, zipped.places, zipped.bad) == (plain.sha256, 60, 6)
    one, two = ((folder / plain.file_name).read_bytes() for folder in (tmp_path / "plain", tmp_path / "zipped"))
    assert one == two


@pytest.mark.parametrize(
    "content",
    [b"", b"name,latitude\nRaqqa,35.9\n", b"\xff\xfe\x00garbage\x00" * 100, b"x" * 200_000, b"PK\x03\x04 no zip"],
)
def test_what_is_no_dump_is_refused_and_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "SY.txt").write_bytes(content)
    with pytest.raises(GazetteerError, match=r"geonames|cannot be read"):
        take_in(tmp_path / "SY.txt", tmp_path / "gazetteers")
    assert list((tmp_path / "gazetteers").iterdir()) == []


def test_a_zip_of_several_countries_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for code in ("SY", "IQ"):
            archive.writestr(f"{code}.txt", line(1, "A"))
    with pytest.raises(GazetteerError, match="one country"):
        take_in(tmp_path / "all.zip", tmp_path / "gazetteers")


def test_what_is_in_use_is_kept_by_country_and_named_in_the_version(tmp_path: Path) -> None:
    assert active_dumps(tmp_path / "none") == ()
    files = {"SY": "SY-aaaaaaaaaaaaaaaa.sqlite", "IQ": "IQ-bbbbbbbbbbbbbbbb.sqlite"}
    for country, name in files.items():
        (tmp_path / name).touch()
        activate(tmp_path, country, name)
    assert [file.name for file in active_dumps(tmp_path)] == [files["IQ"], files["SY"]]
    assert version_with("0.1.0", active_dumps(tmp_path)) == "0.1.0+gn-IQ-bbbbbbbb.gn-SY-aaaaaaaa"
    assert version_with("0.1.0", ()) == "0.1.0"
    activate(tmp_path, "IQ", None)
    assert json.loads((tmp_path / "active.json").read_text()) == {"SY": files["SY"]}
    (tmp_path / files["SY"]).unlink()
    with pytest.raises(GazetteerError, match="missing"):
        active_dumps(tmp_path)
    (tmp_path / "active.json").write_text("{")
    with pytest.raises(GazetteerError, match="damaged"):
        active_dumps(tmp_path)


def test_a_look_up_costs_about_what_it_costs_without(tmp_path: Path) -> None:
    lines = [line(920000000 + n, f"Kafr Number {n}", others=f"Kufr {n},Kafar {n}") for n in range(20_000)]
    taken = take_in(a_dump(tmp_path, lines), tmp_path)
    names = [f"Kafr Number {n}" for n in range(0, 20_000, 20)]

    def cpu() -> float:
        lookup.cache_clear()
        begun = time.process_time()
        for name in names:
            lookup(name)
        return time.process_time() - begun

    cpu()
    without = cpu()
    use_dumps((tmp_path / taken.file_name,))
    assert len(lookup(names[5])) == 1
    assert cpu() < 5 * without + 0.05
