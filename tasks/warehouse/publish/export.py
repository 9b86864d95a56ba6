"""Exports of the reporting views, in the shapes other tools read, with a manifest that says what they are.

CSV that no spreadsheet runs as a formula, Parquet (a folder by year if a view has one), JSON Lines, and GeoJSON of
the events. Each file is written beside its place and renamed, so a reader never meets half of one.
"""

import hashlib
import json
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import duckdb

from tasks.reference.machine.failpoints import Point, failpoint
from tasks.reference.machine.steering import HIDDEN
from tasks.warehouse.publish.dictionary import dictionary_of
from tasks.warehouse.store.queries import fetch_rows, query, quoted

log = logging.getLogger("firstdraft.export")

#: What a spreadsheet takes for the start of a formula (OWASP, CSV injection), after blanks too, and in full width.
_FORMULA = r"^([\t\r\n]|\s*[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}])"
_HIDDEN = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_DICTIONARY = "dictionary.md"
#: The view whose rows are the features of ``events.geojson``.
POINTS = "event_points"
_AT_ONCE = 5_000
_NOTES = {
    "licence": "The rows state facts; quotations and headlines remain their publishers'. No licence to them is given.",
    "attribution": "Coordinates and place ids: GeoNames (geonames.org), CC BY 4.0.",
    "coding": "Coded by machine, not vetted by a person; every value can be traced with `firstdraft trace`.",
}


@dataclass(frozen=True, slots=True)
class Exported:
    """One file of an export. ``path`` is relative to the folder; ``rows`` counts rows, or features of GeoJSON."""

    path: str
    view: str
    rows: int
    byte_length: int
    sha256: str


def export_views(con: duckdb.DuckDBPyConnection, views: tuple[str, ...], folder: Path) -> list[Path]:
    """Write some views, ``dictionary.md`` and ``manifest.json``; the paths written, the manifest last.

    The manifest names the run the rows stand as of, each file with its rows, length and SHA-256, each view's columns
    with their meaning, and the notes on licence and attribution. Files of an earlier export that this one does not have
    are removed: what was withdrawn must not stay behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = _listed(folder)
    files = [file for view in views for file in export_view(con, view, folder)]
    files.append(_geojson(con, folder))
    described = tuple(dict.fromkeys((*views, POINTS)))
    about = {
        "run": _last_run(con),
        **_NOTES,
        "files": [asdict(file) for file in sorted(files, key=lambda file: file.path)],
        "dictionary": _DICTIONARY,
        "codebook": {view: _codebook(con, view) for view in described},
    }
    dictionary = folder / _DICTIONARY
    _replace(dictionary, lambda target: target.write_text(dictionary_of(con, described), encoding="utf-8"))
    failpoint(Point.EXPORT_BEFORE_MANIFEST)
    manifest = folder / "manifest.json"
    with_text = json.dumps(about, default=_plain, ensure_ascii=False, indent=2)
    _replace(manifest, lambda target: target.write_text(with_text + "\n", encoding="utf-8"))
    for path in sorted(before - {file.path for file in files}):
        (folder / path).unlink(missing_ok=True)
    return [*(folder / file.path for file in files), dictionary, manifest]


def _listed(folder: Path) -> set[str]:
    """The files of the export before, as its manifest has them; none if it cannot be read."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        paths = {str(file["path"]) for file in manifest["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {path for path in paths if not Path(path).is_absolute() and ".." not in Path(path).parts}


def export_view(con: duckdb.DuckDBPyConnection, view: str, folder: Path) -> list[Exported]:
    """Write one view as CSV, Parquet and JSON Lines.

    In the CSV a text that begins like a formula gets an apostrophe before it, and characters that would show another
    text (U+202E and its kin) are escapes; numbers stay as they are. A view with a
    ``year`` is a folder of Parquet files by year (``<view>/year=2023/``), any other one file.

    The view is asked once, into a Parquet file; the others are written from that file, a stretch of rows at a time.
    """
    log.info("exporting %s", view, extra={"stage": "report"})
    folder.mkdir(parents=True, exist_ok=True)
    columns = [(str(name), str(kind)) for name, kind, *_ in con.execute(f"DESCRIBE {quoted(view)}").fetchall()]
    whole = folder / f".{view}.parquet"
    try:
        _copy(con, f"FROM {quoted(view)}", whole, "FORMAT parquet")
        return _derived(con, view, columns, whole, folder)
    finally:
        whole.unlink(missing_ok=True)


def _derived(
    con: duckdb.DuckDBPyConnection, view: str, columns: Sequence[tuple[str, str]], whole: Path, folder: Path
) -> list[Exported]:
    """The files of a view from its rows in one Parquet file, which becomes one of them if nothing divides it."""
    rows = _parquet_rows(con, whole)
    # Parquet has not all of DuckDB's types: a HUGEINT comes back as a DOUBLE.
    typed = [(name, f"CAST({quoted(name)} AS {kind})") for name, kind in columns]
    plain = ", ".join(f"{value} AS {quoted(name)}" for name, value in typed)
    safe = ", ".join(
        _safe(name) if kind == "VARCHAR" else f"{value} AS {quoted(name)}"
        for (name, value), (_, kind) in zip(typed, columns, strict=True)
    )
    source = f"FROM read_parquet({_literal(whole)})"
    files = [
        _written(con, f"SELECT {safe} {source}", folder, f"{view}.csv", "FORMAT csv, HEADER"),
        _written(con, f"SELECT {plain} {source}", folder, f"{view}.jsonl", "FORMAT json"),
    ]
    exported = [_told(folder, file, view, rows) for file in files]
    if any(name == "year" for name, _ in columns):
        return exported + _by_year(con, source, folder, view)
    _replace(folder / f"{view}.parquet", whole.replace)
    return [*exported, _told(folder, folder / f"{view}.parquet", view, rows)]


def _by_year(con: duckdb.DuckDBPyConnection, source: str, folder: Path, view: str) -> list[Exported]:
    target, fresh = folder / view, folder / f".{view}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    years = [year for (year,) in con.execute(f"SELECT DISTINCT year {source} ORDER BY 1").fetchall()]
    for year in years:
        part = fresh / f"year={'unknown' if year is None else int(year)}"
        part.mkdir()
        of_year = f"{source} WHERE year IS NOT DISTINCT FROM {'NULL' if year is None else int(year)}"
        _copy(con, of_year, part / f"{view}.parquet", "FORMAT parquet")
    shutil.rmtree(target, ignore_errors=True)
    failpoint(Point.EXPORT_BETWEEN)
    fresh.rename(target)
    return [_told(folder, file, view, _parquet_rows(con, file)) for file in sorted(target.rglob("*.parquet"))]


def _parquet_rows(con: duckdb.DuckDBPyConnection, file: Path) -> int:
    return int(con.execute("SELECT count(*) FROM read_parquet(?)", [str(file)]).fetchall()[0][0])


def _geojson(con: duckdb.DuckDBPyConnection, folder: Path) -> Exported:
    """The events that have coordinates as RFC 7946 features; ``place_precision`` says how far to trust the point."""
    path = folder / "events.geojson"
    count = 0

    def write(target: Path) -> None:
        nonlocal count
        with target.open("w", encoding="utf-8") as file:
            file.write('{"type": "FeatureCollection", "features": [')
            for count, feature in enumerate(_features(con), 1):
                file.write(("\n" if count == 1 else ",\n") + feature)
            file.write("\n]}\n")

    _replace(path, write)
    return _told(folder, path, POINTS, count)


def _features(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Each feature as JSON, some thousand at a time in memory."""
    result = con.execute(query("geojson_features"))
    while features := result.fetchmany(_AT_ONCE):
        for (feature,) in features:
            yield feature


def _last_run(con: duckdb.DuckDBPyConnection) -> dict[str, object] | None:
    rows = fetch_rows(con, "last_done_run")
    return rows[0] if rows else None


def _plain(value: object) -> str:
    """Days and instants as ISO 8601 has them."""
    return value.isoformat() if isinstance(value, date) else str(value)


def _codebook(con: duckdb.DuckDBPyConnection, view: str) -> list[dict[str, object]]:
    return [
        {"column": row["column_name"], "type": row["data_type"], "meaning": row["comment"]}
        for row in fetch_rows(con, "catalogue")
        if row["relation"] == view
    ]


def _written(con: duckdb.DuckDBPyConnection, rows: str, folder: Path, name: str, options: str) -> Path:
    path = folder / name
    _replace(path, lambda target: _copy(con, rows, target, options))
    return path


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    fresh = path.with_name(f".{path.name}")
    write(fresh)
    failpoint(Point.EXPORT_WRITTEN)
    fresh.replace(path)


def _copy(con: duckdb.DuckDBPyConnection, rows: str, path: Path, options: str) -> None:
    con.execute(f"COPY ({rows}) TO {_literal(path)} ({options})")


def _literal(path: Path) -> str:
    escaped = str(path).replace("'", "''")
    return f"'{escaped}'"


def _told(folder: Path, path: Path, view: str, rows: int) -> Exported:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Exported(path.relative_to(folder).as_posix(), view, rows, path.stat().st_size, sha256)


def _safe(column: str) -> str:
    name = quoted(column)
    plain = _without_hidden(name)
    return f"CASE WHEN regexp_matches({name}, '{_FORMULA}') THEN '''' || {plain} ELSE {plain} END AS {name}"


def _without_hidden(value: str) -> str:
    """The SQL of a text with the characters that show another text as their escapes."""
    escaped = value
    for code in _HIDDEN:
        escaped = f"replace({escaped}, chr({code}), '\\u{code:04x}')"
    return f"(CASE WHEN regexp_matches({value}, '[{HIDDEN}]') THEN {escaped} ELSE {value} END)"
