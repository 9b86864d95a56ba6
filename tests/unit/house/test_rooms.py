"""Rooms: the lists of pyproject.toml, the folders there are, and the page that draws them say the same."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
#: The floors of each noun with rooms, from the top, as import-linter reads them.
FLOORS = {
    contract["containers"][0]: contract["layers"]
    for contract in CONTRACTS
    if contract["type"] == "layers" and "containers" in contract
}
NOUNS = [noun for noun in FLOORS if noun != "tasks"]
#: "About a dozen".
MOST_FILES = 12


def files_in(folder: Path) -> list[str]:
    return [path.stem for path in folder.glob("*.py") if path.stem != "__init__"]


def folders() -> list[Path]:
    return sorted(path.parent for path in (ROOT / "tasks").rglob("__init__.py") if path.parent != ROOT / "tasks")


@pytest.mark.parametrize("noun", NOUNS)
def test_the_page_draws_the_floors_that_are_checked(noun: str) -> None:
    drawn = re.search(rf"^- `{noun.replace('.', '/')}/`: `([^`]+)`", PAGE, re.MULTILINE)
    assert drawn is not None, noun
    assert drawn[1].split(" < ") == FLOORS[noun][::-1]


@pytest.mark.parametrize("noun", NOUNS)
def test_every_room_has_its_floor(noun: str) -> None:
    listed = {name for floor in FLOORS[noun] for name in re.split(r" [|:] ", floor)}
    folder = ROOT / noun.replace(".", "/")
    rooms = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert rooms <= listed
    assert listed <= rooms | set(files_in(folder))


@pytest.mark.parametrize("folder", [str(path.relative_to(ROOT)) for path in folders()])
def test_a_folder_has_about_a_dozen_files(folder: str) -> None:
    assert len(files_in(ROOT / folder)) <= MOST_FILES


@pytest.mark.parametrize("noun", NOUNS)
def test_every_room_has_a_face_of_at_most_ten_lines(noun: str) -> None:
    for face in (ROOT / noun.replace(".", "/")).rglob("__init__.py"):
        said = re.match(r'"""(.+?)"""', face.read_text(encoding="utf-8"), re.DOTALL)
        assert said is not None, face
        assert len(said[1].strip().splitlines()) <= 10, face
