"""The outlets, as the files of ``seeds/sources/`` describe them: one file for each country or region covered."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from schemas.errors import SeedError
from schemas.source import Source
from tasks.reference.seeds.layers import line_of, own_file, own_folder, yaml_node
from tasks.reference.seeds.reading import SEEDS_DIR, faults_of, read_yaml_seed

SOURCES_DIR = "sources"
#: A file as it was when it was read: name, change time and size. An edit is seen without a restart.
_State = tuple[tuple[Path, int, int], ...]


def load_sources(path: Path | None = None) -> tuple[Source, ...]:
    """The sources of a file or a folder, sorted by id, those not enabled included.

    By default those of ``seeds/sources/``, and over them those of ``sources/`` in the user's own seeds: an entry there
    takes the place of the one with its id. Of a folder, all ``*.yml`` in it. A file holds a list of entries, or
    ``sources:`` with that list. Raises :class:`SeedError` for a malformed entry (naming file, line, entry and field),
    for an id used twice, also in two files of one folder, and for a folder without a file.
    """
    by_id = {source.id: source for source in _load(_states(source_files(path)))}
    user_file = own_file(SOURCES_DIR) if path is None else None
    if user_file is not None:
        by_id |= {source.id: source for source in _load(_states(source_files(user_file)))}
    return tuple(by_id[name] for name in sorted(by_id))


def source_files(path: Path | None = None) -> tuple[Path, ...]:
    """The files that :func:`load_sources` reads, sorted. Raises :class:`SeedError` for a folder that holds none."""
    path_to_read = sources_place(path)
    files = tuple(sorted(path_to_read.glob("*.yml"))) if path_to_read.is_dir() else (path_to_read,)
    if not files:
        raise SeedError(f"{path_to_read}: no .yml file in this folder; each holds a list of sources")
    return files


def sources_place(path: Path | None = None) -> Path:
    """The file or folder meant, absolute."""
    return path.resolve() if path is not None else SEEDS_DIR / SOURCES_DIR


def writing_place(path: Path | None = None) -> Path:
    """The file or folder that a new entry is written to: the user's own seeds before those of the project."""
    folder = own_folder() if path is None else None
    return folder / SOURCES_DIR if folder is not None else sources_place(path)


def select_sources(path: Path | None = None, ids: Sequence[str] | None = None) -> tuple[Source, ...]:
    """The enabled sources of a file or folder, or those named; a named one runs even if it is not enabled.

    Raises :class:`SeedError` for an id that is not there.
    """
    every = load_sources(path)
    if not ids:
        return tuple(source for source in every if source.enabled)
    by_id = {source.id: source for source in every}
    missing = sorted(set(ids) - set(by_id))
    if missing:
        raise SeedError(f"no source {', '.join(missing)}; `firstdraft sources` lists them")
    return tuple(by_id[name] for name in sorted(set(ids)))


def read_entries(file: Path) -> tuple[Source, ...]:
    """The entries of one file in its order. Raises :class:`SeedError`."""
    entries = read_yaml_seed(file)
    if isinstance(entries, dict) and set(entries) == {"sources"}:
        entries = entries["sources"]
    if not isinstance(entries, list):
        raise SeedError(f"{file}: expected a list of sources")
    return tuple(_entry(file, number, entry) for number, entry in enumerate(entries, 1))


def _entry(file: Path, number: int, entry: object) -> Source:
    try:
        return Source.model_validate(entry)
    except ValidationError as error:
        node = yaml_node(file, file.read_text(encoding="utf-8"))
        listed = ("sources",) if isinstance(node.parts, dict) else ()
        first = line_of(node, (*listed, number - 1, *error.errors()[0]["loc"]))
        raise SeedError(f"{first}: {_label(entry, number)}: {faults_of(error)}") from error


@lru_cache(maxsize=8)
def _load(state: _State) -> tuple[Source, ...]:
    by_id: dict[str, tuple[Source, Path]] = {}
    for file, _, _ in state:
        for source in read_entries(file):
            if source.id in by_id:
                raise SeedError(f"{file}: source id {source.id!r} is used twice; ids are keys{_where(by_id, source)}")
            by_id[source.id] = (source, file)
    return tuple(by_id[name][0] for name in sorted(by_id))


def _states(files: Sequence[Path]) -> _State:
    return tuple((file, *_state(file)) for file in files)


def _state(file: Path) -> tuple[int, int]:
    try:
        status = file.stat()
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        message = f"{file}: cannot be read: {what}; FIRSTDRAFT_SOURCES_FILE names it, without it seeds/sources/ is read"
        raise SeedError(message) from error
    return status.st_mtime_ns, status.st_size


def _where(by_id: dict[str, tuple[Source, Path]], source: Source) -> str:
    return f" (first in {by_id[source.id][1]})"


def _label(entry: object, number: int) -> str:
    named = entry.get("id") if isinstance(entry, dict) else None
    return f"entry {number} ({named})" if named else f"entry {number}"
