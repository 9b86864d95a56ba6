"""Layers of seeds: a folder of one's own (``FIRSTDRAFT_SEEDS``) laid over the seeds of the project."""

import csv
import hashlib
import os
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

import seeds
from schemas.errors import SeedError
from schemas.settings import Settings

#: The folder of the project's seeds: the ``seeds`` package itself, in a checkout and in an installed copy alike.
BASE = Path(seeds.__file__).parent
#: The columns a row of each CSV seed is known by: a row of one's own takes the place of the row with the same ones.
KEYS: dict[str, tuple[str, ...]] = {
    "actor_ids.csv": ("actor", "scheme"),
    "actor_kinds.csv": ("kind",),
    "actor_modifiers.csv": ("word",),
    "actor_nouns.csv": ("noun",),
    "actor_words.csv": ("word", "use"),
    "actors.csv": ("id",),
    "admin1.csv": ("country", "code"),
    "admin2.csv": ("country", "admin1", "name"),
    "claim_words.csv": ("lemma",),
    "countries.csv": ("iso2",),
    "event_fields.csv": ("field",),
    "event_types.csv": ("act",),
    "failure_points.csv": ("reason",),
    "geonames_features.csv": ("class_", "code"),
    "gold_labels.csv": ("gold", "label"),
    "headline_words.csv": ("sub_event_type", "weapon"),
    "place_kinds.csv": ("word",),
    "place_words.csv": ("word", "use"),
    "places.csv": ("id",),
    "publish_guard.csv": ("measure", "origins"),
    "victim_words.csv": ("noun",),
    "weapons.csv": ("words",),
}
_SOURCES, _LISTS = "sources", "lists"


@dataclass(frozen=True, slots=True)
class Layer:
    """One file of a layer: the layer's name (the folder's own, never its whole path), the file, its SHA-256."""

    layer: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Cells:
    """A row of a CSV file as it is written there, and where."""

    file: Path
    line: int
    cells: dict[str, str]

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


def own_folder() -> Path | None:
    """The user's folder, absolute; ``None`` if there is none. Raises :class:`SeedError` if it will not do."""
    named = _named(os.environ.get("FIRSTDRAFT_SEEDS"), Path.cwd())
    if named is None:
        return None
    folder = named.expanduser().resolve()
    check_folder(folder)
    return folder


@lru_cache(maxsize=8)
def _named(variable: str | None, folder: Path) -> Path | None:
    """The setting, read once for this variable and this folder (of ``.env``): all settings take longer than a seed."""
    return Settings().seeds


@lru_cache(maxsize=8)
def check_folder(folder: Path) -> None:
    """Raise :class:`SeedError` for a folder that is not there, or holds a file that would lie there unread."""
    if not folder.is_dir():
        raise SeedError(f"{folder}: no such folder; FIRSTDRAFT_SEEDS names the folder of your own seeds")
    for file in _files(folder):
        name = file.relative_to(folder).as_posix()
        if not _is_known(name):
            near = get_close_matches(name, _layered(), n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; what can be laid over: {', '.join(_layered())}"
            raise SeedError(f"{file}: no seed has this name{hint}")


def own_file(name: str | Path) -> Path | None:
    """The user's file of this name, if there is one; of an absolute path there is none."""
    folder = None if Path(name).is_absolute() else own_folder()
    return folder / name if folder is not None and (folder / name).exists() else None


def layers() -> tuple[Layer, ...]:
    """What the facts are made of: the project's seeds as one, then each file of the user's."""
    made = [Layer("firstdraft", "(all)", _base_sha256())]
    folder = own_folder()
    if folder is not None:
        made += [Layer(folder.name, file.relative_to(folder).as_posix(), _sha256(file)) for file in _files(folder)]
    return tuple(made)


@cache
def _base_sha256() -> str:
    whole = hashlib.sha256()
    for file in _files(BASE):
        if file.suffix in {".csv", ".yml", ".txt"} and not file.is_relative_to(BASE / "models"):
            whole.update(file.relative_to(BASE).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()


def own_version() -> str:
    """Eight digits that stand for all the user's files; empty if there are none."""
    folder = own_folder()
    if folder is None:
        return ""
    listing = "".join(f"{file.relative_to(folder).as_posix()} {_sha256(file)}\n" for file in _files(folder))
    return hashlib.sha256(listing.encode()).hexdigest()[:8] if listing else ""


def by_key(name: str, base: list[Cells], user_rows: list[Cells]) -> list[Cells]:
    """Rows of the project with the user's over them: in the place of those with the same key, the others at the end.

    Raises :class:`SeedError` for a row without its key, and for a key that stands twice in the user's file.
    """
    columns, over = KEYS[name], dict[tuple[str, ...], Cells]()
    for row in user_rows:
        missing = [column for column in columns if column not in row.cells]
        if missing:
            raise SeedError(f"{row.where}: {missing[0]}: empty, and a row is known by it")
        key = tuple(row.cells[column] for column in columns)
        if key in over:
            raise SeedError(f"{row.where}: {columns[0]}: {key[0]!r} stands twice (first in line {over[key].line})")
        over[key] = row
    rows = [over.pop(tuple(row.cells.get(column, "") for column in columns), row) for row in base]
    return [*rows, *over.values()]


def csv_cells(file: Path, text: str) -> list[Cells]:
    """The rows of a CSV seed; comments, empty lines and empty cells left out. Raises :class:`SeedError`."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and line[:1] != "#"]
    if not lines:
        raise SeedError(f"{file}: the header line is missing; name the columns in the first line")
    header = next(csv.reader([lines[0][1]]))
    return [Cells(file, number, _cells(file, number, header, line)) for number, line in lines[1:]]


def _cells(file: Path, number: int, header: list[str], line: str) -> dict[str, str]:
    """One line's cells: a record is a line, so that a fault has one."""
    try:
        record = next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise SeedError(f"{file}:{number}: not CSV: {error}") from error
    if len(record) != len(header):
        raise SeedError(f"{file}:{number}: {len(record)} fields, but the header has {len(header)}")
    return {name: cell.strip() for name, cell in zip(header, record, strict=True) if cell.strip()}


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a YAML file, its parts, and the file and line it begins in."""

    where: str
    value: Any
    parts: "dict[Any, Node] | list[Node] | None" = None

    @property
    def plain(self) -> Any:
        """The value, as a YAML reader gives it."""
        if isinstance(self.parts, dict):
            return {key: part.plain for key, part in self.parts.items()}
        return [part.plain for part in self.parts] if isinstance(self.parts, list) else self.value


def yaml_node(file: Path, text: str) -> Node:
    """A YAML file with the lines of all its values. Raises :class:`yaml.YAMLError`."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    return Node(f"{file}:1", None) if root is None else _node(file, root, yaml.safe_load(text))


def _node(file: Path, node: yaml.Node, value: Any) -> Node:
    where = f"{file}:{node.start_mark.line + 1}"
    if isinstance(node, yaml.MappingNode) and isinstance(value, dict):
        # A key that stands twice would shift the lines: the first ones are named then, the values stay right.
        pairs = zip(value.items(), node.value, strict=False)
        return Node(where, None, {key: _node(file, part_node[1], part) for (key, part), part_node in pairs})
    if isinstance(node, yaml.SequenceNode):
        return Node(
            where, None, [_node(file, part_node, part) for part_node, part in zip(node.value, value, strict=True)]
        )
    return Node(where, value)


def laid_over(base: Node, user_node: Node) -> Node:
    """The user's value over the project's: keys are merged, lists get what they lack, anything else is replaced.

    Raises :class:`SeedError` if the one is a list or a mapping and the other is not.
    """
    if type(base.parts) is not type(user_node.parts):
        raise SeedError(
            f"{user_node.where}: {_shape(user_node)} here, where the seed of the project has {_shape(base)}"
        )
    if isinstance(base.parts, dict) and isinstance(user_node.parts, dict):
        merged = dict(base.parts)
        for key, part in user_node.parts.items():
            merged[key] = laid_over(merged[key], part) if key in merged else part
        return Node(user_node.where, None, merged)
    if isinstance(base.parts, list) and isinstance(user_node.parts, list):
        base_values = [part.plain for part in base.parts]
        return Node(
            user_node.where, None, [*base.parts, *(part for part in user_node.parts if part.plain not in base_values)]
        )
    return user_node


def line_of(node: Node, path: tuple[Any, ...]) -> str:
    """File and line of the deepest part of a value that is there: ``("months", 3)`` of a merged file, say."""
    for step in path:
        parts: Any = node.parts
        try:
            node = parts[step]
        except (KeyError, IndexError, TypeError):
            break
    return node.where


def _shape(node: Node) -> str:
    if node.parts is None:
        return "a single value"
    return "a mapping" if isinstance(node.parts, dict) else "a list"


def _files(folder: Path) -> list[Path]:
    """The files of a folder in order of name; hidden ones, those of editors and notes to people left out."""
    files = (file for file in folder.rglob("*") if file.is_file() and not _is_aside(file.relative_to(folder)))
    return sorted(files)


def _is_aside(path: Path) -> bool:
    hidden = any(part.startswith((".", "__")) for part in path.parts)
    return hidden or path.suffix in {".md", ".py", ".pyc"} or path.name.endswith("~")


def _layered() -> list[str]:
    names = {*KEYS, *(file.name for file in BASE.glob("*.yml"))}
    return [*sorted(names), f"{_SOURCES}/NAME.yml", f"{_LISTS}/NAME.txt"]


def _is_known(name: str) -> bool:
    folder, _, rest = name.partition("/")
    if rest and "/" not in rest:
        return (folder, Path(rest).suffix) in {(_SOURCES, ".yml"), (_LISTS, ".txt")}
    return name in _layered()


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
