"""Bits flipped and ends cut in warehouse, log, ledger and archive: noticed, and made good from what is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tasks.warehouse.care.checks import state_hash
from tests.warehouse.proofs.client import Nights, Reference, Step, copied

WAREHOUSE, LOG = "warehouse.duckdb", "warehouse.duckdb.wal"


@dataclass(frozen=True, slots=True)
class House:
    """A folder after two nights, and one of which the second night was killed, so that rows stand in the log only."""

    whole: Path
    killed: Path


@pytest.fixture(scope="module")
def house(nights: Nights, reference: Reference, tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("damage")
    made = House(copied(reference.folder, folder / "whole"), copied(reference.folder, folder / "killed"))
    assert nights.night(made.whole, 1).last["state"] == reference.state
    assert nights.night(made.killed, 1, fault="load.told:kill:4").killed
    assert (made.killed / LOG).stat().st_size > 0
    return made


def flipped(path: Path, share: float) -> None:
    """One bit changed."""
    data = bytearray(path.read_bytes())
    at = min(int(share * len(data)), len(data) - 1)
    data[at] ^= 1 << (at % 8)
    path.write_bytes(data)


def cut(path: Path, share: float) -> None:
    """The end missing."""
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])


def replaced(path: Path, _: float) -> None:
    """Something else altogether."""
    path.write_bytes(b"no database")


def removed(path: Path, _: float) -> None:
    """Gone."""
    path.unlink()


def state_of(path: Path) -> str:
    """The state of a warehouse as its file has it; DuckDB checks the checksum of each block it reads."""
    con = duckdb.connect(str(path), read_only=True)
    try:
        con.execute("SET TimeZone = 'UTC'")
        return state_hash(con)
    finally:
        con.close()


Damage = Callable[[Path, float], None]
#: What is damaged, how and where.
DAMAGES: list[tuple[str, Damage, float]] = [
    (WAREHOUSE, cut, 0.5),
    (WAREHOUSE, removed, 0.0),
    (WAREHOUSE, replaced, 0.0),
    *((WAREHOUSE, flipped, place / 8 + 0.06) for place in range(8)),
    *((WAREHOUSE, cut, place / 4 + 0.12) for place in range(4)),
]
LOG_DAMAGES: list[tuple[Damage, float]] = [
    (removed, 0.0),
    *((flipped, place / 5 + 0.1) for place in range(5)),
    *((cut, place / 5 + 0.1) for place in range(5)),
]


def _named(number: int, what: tuple[object, ...]) -> object:
    """Every second for CI, all before a release."""
    damage, share = what[-2], what[-1]
    name = f"{getattr(damage, '__name__', damage)}-{share}"
    return pytest.param(*what, marks=[pytest.mark.long] if number % 2 else [], id=name)


@pytest.mark.parametrize(("file", "damage", "share"), [_named(n, what) for n, what in enumerate(DAMAGES)])
def test_a_damaged_warehouse_is_noticed_and_made_again(
    nights: Nights, reference: Reference, house: House, tmp_path: Path, file: str, damage: Damage, share: float
) -> None:
    folder = copied(house.whole, tmp_path / "house")
    damage(folder / file, share)
    checked = nights.do("verify", folder).last
    if not checked["told"]:
        # Nothing is stored in a free block: told only where every row can be read and is what it was.
        assert damage is flipped, "silent"
        assert state_of(folder / file) == reference.state
        return
    rebuilt, again = nights.ask([{"do": word, "folder": str(folder)} for word in ("rebuild", "verify")])[0].steps
    assert (rebuilt.get("state"), rebuilt.get("same")) == (reference.state, True), rebuilt
    assert again["whole"], again


@pytest.mark.parametrize(("damage", "share"), [_named(n, what) for n, what in enumerate(LOG_DAMAGES)])
def test_a_damaged_log_of_a_killed_night_costs_nothing(
    nights: Nights, reference: Reference, house: House, tmp_path: Path, damage: Damage, share: float
) -> None:
    """Noticed, and then rebuilt, or else harmless: the next night comes to the state that never was in danger."""
    folder = copied(house.killed, tmp_path / "house")
    damage(folder / LOG, share)
    steps = [{"do": "verify", "folder": str(folder)}]
    if not nights.ask(steps)[0].last["whole"]:
        assert nights.do("rebuild", folder).last["findings"] == []
    night, again = nights.ask([{"folder": str(folder), "run": 2, "night": 1}, *steps])[0].steps
    assert (night["end"], night.get("state")) == ("done", reference.state), night
    assert again["whole"], again


@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.4, 0.6])
def test_a_checkpoint_that_is_cut_off_costs_nothing(
    nights: Nights, reference: Reference, house: House, tmp_path: Path, seconds: float
) -> None:
    """Killed while the log is written into the file: some tables written, the header not yet."""
    folder = copied(house.killed, tmp_path / "house")
    assert nights.do("checkpoint", folder, killed_in=seconds).killed
    assert (folder / LOG).stat().st_size > 0, "the log stays until the file has it all"
    again: Step = {"folder": str(folder), "run": 2, "night": 1}
    night, checked = nights.ask([again, {"do": "verify", "folder": str(folder)}])[0].steps
    assert (night["end"], night.get("state")) == ("done", reference.state), night
    assert checked["whole"], checked


@pytest.mark.parametrize("parts", [2, pytest.param(10, marks=pytest.mark.long)])
@pytest.mark.parametrize("place", ["ledger", "captures"])
def test_every_file_that_is_kept_is_watched(
    nights: Nights, house: House, tmp_path: Path, place: str, parts: int
) -> None:
    """A bit flipped, an end cut, and the file gone, in each file; in so many parts of the larger ones."""
    folder = copied(house.whole, tmp_path / "house")
    silent = []
    for path in sorted(path for path in (folder / place).rglob("*") if path.is_file()):
        data = path.read_bytes()
        shares = [(part + 0.5) / parts for part in range(parts)] if len(data) > 8192 else [0.5]
        for damage, share in [(damage, share) for damage in (flipped, cut) for share in shares]:
            damage(path, share)
            if not nights.do("verify", folder).last["told"]:
                silent.append((path.name, damage.__name__, share))
            path.write_bytes(data)
        path.unlink()
        if not nights.do("verify", folder).last["told"]:
            silent.append((path.name, "removed", 0.0))
        path.write_bytes(data)
    assert silent == []
