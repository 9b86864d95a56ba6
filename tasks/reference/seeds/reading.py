"""Seed files: read, the user's laid over the project's, validated, and every fault named by file, line and field."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from schemas.errors import SeedError
from tasks.reference.seeds.layers import (
    BASE,
    KEYS,
    Cells,
    Node,
    by_key,
    csv_cells,
    laid_over,
    line_of,
    own_file,
    yaml_node,
)

#: The folder of the project's seed files.
SEEDS_DIR = BASE

Row = TypeVar("Row", bound=BaseModel)


def read_csv_seed(path: str | Path, model: type[Row]) -> tuple[Row, ...]:
    """The rows of a CSV seed as ``model``, the user's file laid over it; empty cells are left to the model's defaults.

    ``path`` is absolute or relative to the seeds folder. Lines that begin with ``#`` are comments. Raises
    :class:`SeedError` for a missing file, a missing or unknown column, or a value the model refuses, with file and
    line.
    """
    rows, user_file = _cells(SEEDS_DIR / path), own_file(path)
    if user_file is not None and str(path) in KEYS:
        rows = by_key(str(path), rows, _cells(user_file))
    return tuple(validated(model, row.cells, row.where) for row in rows)


def read_yaml_seed(path: str | Path) -> Any:
    """What a YAML seed holds, the user's file laid over it, through the safe loader.

    Raises :class:`SeedError` for a missing or malformed file.
    """
    file, user_file = SEEDS_DIR / path, own_file(path)
    if user_file is not None:
        return _merged(file, user_file).plain
    try:
        return yaml.safe_load(_read(file))
    except yaml.YAMLError as error:
        raise SeedError(f"{file}: not YAML: {error}") from error


def read_yaml_as(path: str | Path, model: type[Row]) -> Row:
    """A YAML seed as ``model``, the user's file laid over it. Raises :class:`SeedError` with file, line and field."""
    values = read_yaml_seed(path)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise SeedError(faults_of(error, _node_of(path))) from error


def seed_line(path: str | Path, *place: Any) -> str:
    """File and line of a part of a YAML seed: ``seed_line("own_types.yml", "types", "water_attack")``."""
    return line_of(_node_of(path), place)


def faults_of(error: ValidationError, node: Node | None = None) -> str:
    """What a model refuses in a value: field and fault of each, and file and line if the value's are given."""
    faults = []
    for fault in error.errors():
        where = f"{line_of(node, fault['loc'])}: " if node else ""
        faults.append(f"{where}{'.'.join(map(str, fault['loc'])) or 'entry'}: {fault['msg']}")
    return "; ".join(faults)


def seed_path(path: str | Path) -> Path:
    """A seed's file: absolute paths as they are, others in the user's folder, or else in the project's."""
    return own_file(path) or SEEDS_DIR / path


def split_list(cell: str) -> tuple[str, ...]:
    """The parts of a ``|``-separated cell, stripped, empty ones left out.

    >>> split_list("ISIS | Daesh|")
    ('ISIS', 'Daesh')
    """
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _node_of(path: str | Path) -> Node:
    user_file = own_file(path)
    return _merged(SEEDS_DIR / path, user_file) if user_file is not None else _node(SEEDS_DIR / path)


def _merged(file: Path, user_file: Path) -> Node:
    return laid_over(_node(file), _node(user_file))


def _node(file: Path) -> Node:
    try:
        return yaml_node(file, _read(file))
    except yaml.YAMLError as error:
        raise SeedError(f"{file}: not YAML: {error}") from error


def _cells(file: Path) -> list[Cells]:
    return csv_cells(file, _read(file))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(f"{file}: cannot be read: {error}") from error


def validated(model: type[Row], values: Any, where: str) -> Row:
    """``values`` as ``model``, or a :class:`SeedError` that says where, which field, and why."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise SeedError(f"{where}: {faults_of(error)}") from error
