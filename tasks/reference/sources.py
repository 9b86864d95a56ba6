"""The outlets, as ``seeds/sources.yml`` describes them."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from schemas.errors import SeedError
from schemas.source import Source
from tasks.reference.seeds import read_yaml_seed, seed_path, validated

SOURCES_FILE = "sources.yml"


def load_sources(path: Path | None = None) -> tuple[Source, ...]:
    """The sources of a file (default ``seeds/sources.yml``), sorted by id, those not enabled included.

    The file holds a list of entries, or ``sources:`` with that list. Raises :class:`SeedError` for a malformed entry
    (naming it and the field) and for an id used twice.
    """
    return _load(path.resolve() if path is not None else seed_path(SOURCES_FILE))


def select_sources(path: Path | None = None, ids: Sequence[str] | None = None) -> tuple[Source, ...]:
    """The enabled sources of a file, or those named; a named one runs even where it is not enabled.

    Raises :class:`SeedError` for an id the file does not hold.
    """
    every = load_sources(path)
    if not ids:
        return tuple(source for source in every if source.enabled)
    known = {source.id: source for source in every}
    missing = sorted(set(ids) - set(known))
    if missing:
        raise SeedError(f"no source {', '.join(missing)}; `firstdraft sources` lists them")
    return tuple(known[name] for name in sorted(set(ids)))


@cache
def _load(file: Path) -> tuple[Source, ...]:
    entries = read_yaml_seed(file)
    if isinstance(entries, dict) and set(entries) == {"sources"}:
        entries = entries["sources"]
    if not isinstance(entries, list):
        raise SeedError(f"{file}: expected a list of sources")
    sources = [validated(Source, entry, f"{file}: {_label(entry, number)}") for number, entry in enumerate(entries, 1)]
    _refuse_twins(file, sources)
    return tuple(sorted(sources, key=lambda source: source.id))


def _label(entry: object, number: int) -> str:
    named = entry.get("id") if isinstance(entry, dict) else None
    return f"entry {number} ({named})" if named else f"entry {number}"


def _refuse_twins(file: Path, sources: list[Source]) -> None:
    seen: set[str] = set()
    for source in sources:
        if source.id in seen:
            raise SeedError(f"{file}: source id {source.id!r} is used twice; ids are keys")
        seen.add(source.id)
