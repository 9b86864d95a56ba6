"""Seed files: read, validated, and every fault named by file, line and field."""

import csv
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

import seeds
from schemas.errors import SeedError

#: The folder of the seed files: the ``seeds`` package itself, in a checkout and in an installed copy alike.
SEEDS_DIR = Path(seeds.__file__).parent

Row = TypeVar("Row", bound=BaseModel)


def read_csv_seed(path: str | Path, model: type[Row]) -> tuple[Row, ...]:
    """The rows of a CSV seed as ``model``; empty cells are left to the model's defaults.

    ``path`` is absolute or relative to the seeds folder. Lines that begin with ``#`` are comments. Raises
    :class:`SeedError` for a missing file, a missing or unknown column, or a value the model refuses, with file and
    line.
    """
    file = seed_path(path)
    text = _read(file)
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and line[:1] != "#"]
    if not lines:
        raise SeedError(f"{file}: no header line; give the column names")
    header = next(csv.reader([lines[0][1]]))
    return tuple(_row(file, number, header, _record(file, number, line), model) for number, line in lines[1:])


def read_yaml_seed(path: str | Path) -> Any:
    """What a YAML seed holds, through the safe loader. Raises :class:`SeedError` for a missing or malformed file."""
    file = seed_path(path)
    try:
        return yaml.safe_load(_read(file))
    except yaml.YAMLError as error:
        raise SeedError(f"{file}: not YAML: {error}") from error


def seed_path(path: str | Path) -> Path:
    """A seed's file: absolute paths as they are, others under the seeds folder."""
    return SEEDS_DIR / path


def split_list(cell: str) -> tuple[str, ...]:
    """The parts of a ``|``-separated cell, stripped, empty ones left out.

    >>> split_list("ISIS | Daesh|")
    ('ISIS', 'Daesh')
    """
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(f"{file}: cannot be read: {error}") from error


def _record(file: Path, number: int, line: str) -> list[str]:
    """One line's cells: a record is a line, so that a fault has one."""
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise SeedError(f"{file}:{number}: not CSV: {error}") from error


def _row(file: Path, line: int, header: list[str], record: list[str], model: type[Row]) -> Row:
    if len(record) != len(header):
        raise SeedError(f"{file}:{line}: {len(record)} fields where the header names {len(header)}")
    cells = {name: cell.strip() for name, cell in zip(header, record, strict=True) if cell.strip()}
    return validated(model, cells, f"{file}:{line}")


def validated(model: type[Row], values: Any, where: str) -> Row:
    """``values`` as ``model``, or a :class:`SeedError` that says where, which field, and why."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'entry'}: {fault['msg']}" for fault in error.errors())
        raise SeedError(f"{where}: {faults}") from error
