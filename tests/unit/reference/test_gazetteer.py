"""Folding and the gazetteer: spellings meet, words stay whole, and the file is built once."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reference.fold import fold, loose_key, name_key
from tasks.reference.gazetteer import gazetteer_file, lookup, lookup_loose, part_middle


@given(st.text())
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert name_key(name_key(text)) == name_key(text)


@given(st.text("abcdefghij", min_size=2), st.text("abcdefghij", min_size=1))
def test_a_longer_word_has_another_key(word: str, more: str) -> None:
    assert name_key(word) != name_key(word + more)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Deir ez-Zor", "Deir Ezzor", "Dayr az Zawr", "Deir al-Zour", "دير الزور"),
        ("al-Sukhna", "Sukhnah", "As Sukhnah", "SUKHNA"),
        ("Qamishli", "Qamishlo", "Qamişlo", "al-Qamishli", "Al Qāmishlī"),
        ("Kobani", "Kobane", "Kobanê", "Ayn al-Arab", "‘Ayn al ‘Arab"),
        ("Hama", "Hamah", "Ḩamāh"),
        ("Raqqa", "ar-Raqqah", "Al-Raqqa"),
        ("Aleppo", "Halab", "حلب"),
    ],
)
def test_spellings_of_one_place_meet(spellings: tuple[str, ...]) -> None:
    ids = [{place.id for place in lookup(name) if place.country == "SY"} for name in spellings]
    assert set.intersection(*ids)


def test_the_loose_key_meets_what_no_list_holds() -> None:
    assert loose_key("Soukhnah") == loose_key("Sukhna")
    assert "SY" in {place.country for place in lookup_loose("Sokkhnah")}


def test_parts_of_words_meet_nothing() -> None:
    assert lookup("assad in ambassador") == ()
    assert lookup("") == ()
    assert lookup("'") == ()


def test_a_town_a_unit_and_a_country_have_their_precision() -> None:
    found = {place.kind: place.precision for name in ("Homs", "Syria", "Syrian Desert") for place in lookup(name)}
    assert {"town": 1, "governorate": 4, "country": 6, "desert": 5}.items() <= found.items()


def test_a_town_has_its_second_order_unit_by_code_by_name_by_our_list_or_by_what_is_near() -> None:
    units = {
        "Kharkiv": "Kharkiv Raion", "El Fasher": "Al Fasher", "Dhiban": "Mayadin District",
        "Ghuwayran": "Al-Hasakah District", "Baquba": "Ba'quba District", "Syria": None,
    }  # fmt: skip
    assert {name: lookup(name)[0].admin2 for name in units} == units


def test_a_part_of_a_country_lies_where_its_name_says() -> None:
    north, south = part_middle("SY", "northern"), part_middle("SY", "southern")
    assert north is not None
    assert south is not None
    assert north[0] > 35 > south[0]


def test_a_folder_that_cannot_be_written_is_not_the_end(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    code = "from tasks.reference import gazetteer as g; print(g.cache_dir())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"XDG_CACHE_HOME": str(tmp_path / "file"), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()).is_dir()


def test_the_file_is_whole_and_alone() -> None:
    file = gazetteer_file()
    assert file.stat().st_size > 10_000_000
    assert not list(file.parent.glob(f"{file.stem}*.part"))
