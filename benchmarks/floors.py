"""Floors of quality, kept in git: a change that lowers a figure must say so by pinning it anew."""

import json
from pathlib import Path
from typing import Any

FLOORS = Path(__file__).with_name("floors.json")
#: Figures are rounded when measured; less than this is no fall.
_ROUNDING = 1e-9

Figures = dict[str, dict[str, float]]


def pinned(key: str) -> dict[str, Any]:
    """The floor of one benchmark: ``{set: {"corpus": sha256, "figures": {measure: number}}}``; empty where none is."""
    floors: dict[str, dict[str, Any]] = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.is_file() else {}
    return floors.get(key, {})


def pin(key: str, hashes: dict[str, str], figures: Figures) -> None:
    """Write figures as the floor of the sets measured; other sets and benchmarks keep theirs."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.is_file() else {}
    entry = floors.setdefault(key, {})
    entry.update({name: {"corpus": hashes[name], "figures": figures[name]} for name in figures})
    FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")


def below(
    floor: dict[str, Any], hashes: dict[str, str], figures: Figures, falling: frozenset[str] = frozenset()
) -> list[str]:
    """What is wrong, a line each: a set nobody pinned, another corpus, a figure below its floor (``falling``: above).

    A set that is pinned and was not measured is no fault: ``--set`` may leave it out.
    """
    faults = []
    for name, found in figures.items():
        if name not in floor:
            faults.append(f"{name}: no floor is pinned for it")
        elif floor[name]["corpus"] != hashes[name]:
            faults.append(
                f"{name}: another corpus ({hashes[name][:12]}) than the pinned one ({floor[name]['corpus'][:12]})"
            )
        else:
            least = floor[name]["figures"]
            faults += [
                f"{name}: {key} is {found.get(key)}, the floor is {least[key]}"
                for key in sorted(least)
                if key not in found or (found[key] - least[key]) * (-1 if key in falling else 1) < -_ROUNDING
            ]
    return faults
