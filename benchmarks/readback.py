"""The files of an export read back by other tools: ``python -m benchmarks.readback DIR``; exit 1 where one differs.

Every file of ``DIR/manifest.json`` is hashed; Parquet is read by pyarrow, CSV by the standard library, JSON Lines and
GeoJSON by ``json``, a row at a time. Compared are the rows told, the columns of the codebook in their order, the number
of columns that ACLED, UCDP and GDELT have, the codes those know, and that all shapes of a view have the same rows.
"""

import argparse
import csv
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.events.language.vocabulary import acts

#: Columns of the files of others, and the codes a column may hold: the words of their codebooks.
COLUMNS = {"acled": 31, "ucdp_ged": 49, "gdelt_mentions": 16}
CODES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "acled": {
        "event_type": frozenset(act.event_type for act in acts().values()),
        "sub_event_type": frozenset(act.sub_event_type for act in acts().values()),
        "time_precision": frozenset("123"),
        "geo_precision": frozenset(("1", "2", "3", "")),
        "inter1": frozenset("012345678"),
        "inter2": frozenset("012345678"),
        "civilian_targeting": frozenset(("Civilian targeting", "")),
        "disorder_type": frozenset(
            (
                "Political violence",
                "Demonstrations",
                "Strategic developments",
                "Political violence; Demonstrations",
            )
        ),
    },
    "ucdp_ged": {
        "type_of_violence": frozenset(("1", "2", "3", "")),
        "where_prec": frozenset(("1", "2", "3", "4", "5", "6", "7", "")),
        "date_prec": frozenset(("1", "2", "3", "4", "5", "")),
        "event_clarity": frozenset("12"),
        "code_status": frozenset(("Clear", "Check")),
    },
    "gdelt_mentions": {"MentionType": frozenset("123456"), "InRawText": frozenset("01")},
}
#: ACLED's number for two sides: the lower code first, a single side times ten; 0 where neither is known.
_INTERACTION = re.compile(r"0|[1-8]0|1[1-8]|2[2-8]|3[3-8]|4[4-8]|5[5-8]|6[6-8]|78")
csv.field_size_limit(1 << 24)


def main() -> int:
    """Read everything, print what differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    wrong = [*_whole(manifest), *differing(folder, manifest)]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    rows = sum(file["rows"] for file in manifest["files"])
    told = f"{len(wrong)} faults" if wrong else "all as the manifest has them"
    print(f"{len(manifest['files'])} files, {rows:,} rows: {told}")
    return 1 if wrong else 0


def differing(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """What is not as the manifest and the codebooks have it, in words; nothing where all is."""
    whole: dict[str, dict[str, int]] = {}
    for file in manifest["files"]:
        path, view = folder / file["path"], file["view"]
        columns = [entry["column"] for entry in manifest["codebook"][view]]
        with path.open("rb") as data:
            if hashlib.file_digest(data, "sha256").hexdigest() != file["sha256"]:
                yield f"{file['path']}: another hash"
        rows, wrong = _READERS[path.suffix](path, view, columns)
        yield from (f"{file['path']}: {told}" for told in wrong)
        if rows != file["rows"]:
            yield f"{file['path']}: {rows} rows, not {file['rows']}"
        by_kind = whole.setdefault(view, {})
        by_kind[path.suffix] = by_kind.get(path.suffix, 0) + rows
        if len(columns) != COLUMNS.get(view, len(columns)):
            yield f"{view}: {len(columns)} columns, not {COLUMNS[view]}"
    yield from (f"{view}: {kinds}" for view, kinds in whole.items() if len(set(kinds.values())) > 1)


def _whole(manifest: Mapping[str, Any]) -> Iterator[str]:
    for part in ("run", "licence", "attribution", "dictionary", "codebook"):
        if not manifest.get(part):
            yield f"manifest.json: no {part}"
    for view, entries in manifest["codebook"].items():
        yield from (f"{view}.{entry['column']} is not explained" for entry in entries if not entry["meaning"])


def _csv(path: Path, view: str, columns: list[str]) -> tuple[int, list[str]]:
    wrong: dict[str, str] = {}
    codes = CODES.get(view, {})
    rows = 0
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        if header != columns:
            wrong["columns"] = f"columns {header}"
        coded = [(header.index(name), name, allowed) for name, allowed in codes.items()]
        joined = header.index("interaction") if "interaction" in header else None
        for rows, row in enumerate(reader, 1):
            if len(row) != len(header):
                wrong.setdefault("cells", f"row {rows} has {len(row)} cells")
            for at, name, allowed in coded:
                if row[at] not in allowed:
                    wrong.setdefault(name, f"{name} {row[at]!r} in row {rows}")
            if joined is not None and not _INTERACTION.fullmatch(row[joined]):
                wrong.setdefault("interaction", f"interaction {row[joined]!r} in row {rows}")
    return rows, list(wrong.values())


def _lines(path: Path, view: str, columns: list[str]) -> tuple[int, list[str]]:
    wrong: list[str] = []
    rows = 0
    with path.open(encoding="utf-8") as file:
        for rows, line in enumerate(file, 1):
            if not wrong and list(json.loads(line)) != columns:
                wrong.append(f"row {rows} has {list(json.loads(line))}")
    return rows, wrong


def _parquet(path: Path, view: str, columns: list[str]) -> tuple[int, list[str]]:
    file = pq.ParquetFile(path)
    names = file.schema_arrow.names
    wrong = [] if names == columns else [f"columns {names}"]
    rows, days = 0, []
    dated = next((name for name in ("event_date", "date_start") if name in names and view in COLUMNS), None)
    for batch in file.iter_batches(columns=[dated] if dated else names[:1]):
        rows += batch.num_rows
        if dated and batch.num_rows:
            days += [batch.column(0)[0].as_py(), batch.column(0)[-1].as_py()]
    known = [day for day in days if day is not None]
    if any(later > earlier for earlier, later in pairwise(known)):
        wrong.append("not the latest first")
    if pa.types.is_null(file.schema_arrow.field(0).type):
        wrong.append("no type")
    return rows, wrong


def _geojson(path: Path, view: str, columns: list[str]) -> tuple[int, list[str]]:
    """The whole must parse; read a feature a line, as it is written, so that a million fit."""
    wrong: list[str] = []
    properties = [name for name in columns if name not in ("latitude", "longitude")]
    rows = 0
    with path.open(encoding="utf-8") as file:
        if json.loads(next(file) + "]}") != {"type": "FeatureCollection", "features": []}:
            wrong.append("no FeatureCollection")
        for line in file:
            if line == "]}\n":
                break
            rows += 1
            feature = json.loads(line.removesuffix("\n").removesuffix(","))
            longitude, latitude = feature["geometry"]["coordinates"]
            good = list(feature["properties"]) == properties and abs(longitude) <= 180 and abs(latitude) <= 90
            if not wrong and not (good and feature["id"] == feature["properties"]["event_id"]):
                wrong.append(f"feature {rows}: {line[:200]}")
    return rows, wrong


_READERS = {".csv": _csv, ".jsonl": _lines, ".parquet": _parquet, ".geojson": _geojson}

if __name__ == "__main__":
    sys.exit(main())
