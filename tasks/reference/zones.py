"""Time zones of countries, from the table that comes with the IANA time zone database (``zone.tab``)."""

from functools import cache
from importlib import resources
from pathlib import Path
from zoneinfo import TZPATH


def zones_of(country: str) -> tuple[str, ...]:
    """The IANA zones of a country (ISO 3166 alpha-2); empty if none is known.

    In the table's order, but for one that is said to hold for most of the country: that one comes first.

    >>> zones_of("SY"), zones_of("XX")
    (('Asia/Damascus',), ())
    """
    return _table().get(country, ())


@cache
def _table() -> dict[str, tuple[str, ...]]:
    zones_by_country: dict[str, list[tuple[bool, str]]] = {}
    for line in _text().splitlines():
        cells = [*line.split("\t"), ""]
        if len(cells) >= 4 and not line.startswith("#"):
            zones_by_country.setdefault(cells[0], []).append(("most" not in cells[3], cells[2]))
    return {
        code: tuple(name for _, name in sorted(zones, key=lambda zone: zone[0]))
        for code, zones in zones_by_country.items()
    }


def _text() -> str:
    """The system's table, else that of the ``tzdata`` package; without either no zone is guessed."""
    for folder in TZPATH:
        file = Path(folder) / "zone.tab"
        if file.is_file():
            return file.read_text(encoding="utf-8")
    try:
        return resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    except (ModuleNotFoundError, OSError):
        return ""
