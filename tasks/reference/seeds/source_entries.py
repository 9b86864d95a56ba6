"""An entry of ``seeds/sources/`` as text, and its way into a file: what is there stays as it is, byte for byte."""

import json
import shutil
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel

from schemas.errors import SeedError
from schemas.source import Source
from tasks.reference.seeds.sources import load_sources, read_entries, writing_place

_HEAD = "# The outlets that cover one country or region. How an entry is written: docs/sources.md.\n\nsources:\n"
_INDENT = 2


def render_entry(source: Source, indent: int = _INDENT) -> str:
    """The YAML of one entry, ``indent`` spaces in: what differs from the defaults, and all of the first six fields."""
    pad = " " * indent
    lines: list[str] = []
    for name, value in _told(source).items():
        lines += _lines(name, value)
    return "".join(f"{pad}{'- ' if number == 0 else '  '}{line}\n" for number, line in enumerate(lines))


def add_entry(source: Source, file_stem: str, path: Path | None = None) -> Path:
    """Write an entry at the end of its file, and return that file.

    ``path`` is a file, or a folder (default ``sources/`` of the user's seeds, else ``seeds/sources/``), in which
    ``file_stem`` names the file; it is made if it is not there yet. The new text is read back before it takes the
    file's place, and the whole folder after. Raises :class:`SeedError` if the result would not load, and then
    nothing has changed.
    """
    target = writing_place(path)
    file = target if target.suffix == ".yml" or target.is_file() else target / f"{file_stem}.yml"
    in_use = any(source.id == existing.id for existing in (load_sources(target) if _has_sources(target) else ()))
    if in_use:
        raise SeedError(f"{file}: source id {source.id!r} is in use; give another with --id")
    before = file.read_bytes() if file.exists() else None
    _replace(file, source, _appended(file, before, source))
    try:
        load_sources(target)
    except SeedError:
        _restore(file, before)
        raise
    return file


def _told(source: Source) -> dict[str, object]:
    """The fields an entry spells out, in the order of the schema."""
    always = ("id", "name", "family", "country", "language", "homepage")
    fields = type(source).model_fields
    return {
        name: getattr(source, name)
        for name, field in fields.items()
        if name in always or getattr(source, name) != field.get_default(call_default_factory=True)
    }


def _lines(name: str, value: object) -> list[str]:
    if not isinstance(value, tuple):
        return [f"{name}: {_scalar(value)}"]
    lines = [f"{name}:"]
    for item in value:
        if isinstance(item, BaseModel):
            parts = [f"{key}: {_scalar(part)}" for key, part in item if part is not None or key == "verified_on"]
            lines += [f"{'  - ' if number == 0 else '    '}{part}" for number, part in enumerate(parts)]
        else:
            lines.append(f"  - {_scalar(item)}")
    return lines


def _scalar(value: object) -> str:
    """A value in one line. JSON strings are YAML strings, but for signs that cannot be seen: those are escaped."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | int | float):
        return str(value)
    if isinstance(value, BaseModel):
        inner = (f"{key}: {_scalar(part)}" for key, part in value if part is not None)
        return "{" + ", ".join(inner) + "}"
    text = json.dumps(value, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in text)


def _appended(file: Path, before: bytes | None, source: Source) -> bytes:
    """The file's bytes and the entry after them, in the file's own indentation and line ends."""
    if before is None:
        return f"{_HEAD}\n{render_entry(source)}".encode()
    line_end = "\r\n" if b"\r\n" in before else "\n"
    text = render_entry(source, _indentation(file, before)).replace("\n", line_end)
    gap = (line_end if not before.endswith(b"\n") else "") + line_end
    return before + gap.encode() + text.encode()


def _indentation(file: Path, data: bytes) -> int:
    """Column of the list's dashes. Raises :class:`SeedError` for a file that ends in something else."""
    try:
        node = yaml.compose(data, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise SeedError(f"{file}: not YAML: {error}") from error
    if isinstance(node, yaml.MappingNode) and len(node.value) == 1:
        node = node.value[0][1]
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise SeedError(f"{file}: the file does not end with a list of entries; write the entry by hand")
    return int(node.start_mark.column)


def _replace(file: Path, source: Source, data: bytes) -> None:
    """Put new bytes in a file's place, if they hold what was there and the source."""
    fresh = file.with_name(f"{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(data)
        if file.exists():
            shutil.copymode(file, fresh)
        before = read_entries(file) if file.exists() else ()
        if read_entries(fresh) != (*before, source):
            raise SeedError(f"{file}: the file with the new entry could not be read back; write the entry by hand")
        fresh.replace(file)
    except OSError as error:
        raise SeedError(f"{file}: cannot be written: {error}") from error
    finally:
        fresh.unlink(missing_ok=True)


def _restore(file: Path, before: bytes | None) -> None:
    if before is None:
        file.unlink()
    else:
        file.write_bytes(before)


def _has_sources(path: Path) -> bool:
    return path.is_file() or (path.is_dir() and any(path.glob("*.yml")))
