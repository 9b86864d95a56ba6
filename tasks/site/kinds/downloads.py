"""The data page: what can be downloaded, what each column means, and how to ask with SQL."""

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from tasks.site import pages
from tasks.site.files.folder import Folder
from tasks.site.files.shelf import Row, Shelf
from tasks.site.wording import words

_FORMATS = {
    ".csv": "CSV",
    ".parquet": "Parquet",
    ".jsonl": "JSON Lines",
    ".geojson": "GeoJSON",
    ".json": "JSON",
}


def offer(folder: Folder, shelf: Shelf) -> list[dict[str, Any]]:
    """Put the exports into the site; what the data page says of each. Their ``manifest.json`` describes the rest."""
    if shelf.exports_dir is None:
        return []
    manifest = _manifest(shelf)
    files = []
    for path in sorted(shelf.exports):
        name = path.relative_to(shelf.exports_dir).as_posix()
        folder.link(f"downloads/{name}", path)
        about = manifest.get(name, {})
        files.append(
            {
                "name": name,
                "format": _FORMATS.get(path.suffix, path.suffix.lstrip(".")),
                "view": about.get("view", ""),
                "rows": about.get("rows"),
                "size": _size(path.stat().st_size),
                "sha256": about.get("sha256", ""),
            }
        )
    return files


def data_page(files: Sequence[dict[str, Any]], catalogue: Sequence[Row], standing: Row) -> str:
    """The page with the downloads and the ways to ask."""
    comments = {relation["name"]: relation["comment"] for relation in relations(catalogue)}
    by_view: dict[str, list[dict[str, Any]]] = {}
    for file in files:
        by_view.setdefault(file["view"], []).append(file)
    shown = [
        {"view": view, "about": words.plain(comments.get(view, ""), 400), "rows": _rows(some), "files": some}
        for view, some in by_view.items()
        if view
    ]
    return pages.render(
        "data.html.j2",
        "",
        "data",
        views=shown,
        standing=standing,
        run_line=pages.run_line(standing),
    )


def dictionary_page(catalogue: Sequence[Row], standing: Row) -> str:
    """Every view and table with the meaning of each column."""
    all_relations = relations(catalogue)
    views = [relation for relation in all_relations if relation["kind"] == "view"]
    tables = [relation for relation in all_relations if relation["kind"] == "table"]
    return pages.render(
        "dictionary.html.j2",
        "",
        "data",
        groups=[("Views", views), ("Tables", tables)],
        run_line=pages.run_line(standing),
    )


def relations(catalogue: Sequence[Row]) -> list[dict[str, Any]]:
    """The catalogue by table and view."""
    return [
        {"name": name, "kind": kind, "comment": comment or "", "columns": list(columns)}
        for (name, kind, comment), columns in groupby(
            catalogue, key=lambda row: (row["relation"], row["kind"], row["relation_comment"])
        )
    ]


def _rows(files: Sequence[dict[str, Any]]) -> int:
    """The rows of a view: those of all files of one format."""
    return max(sum(file["rows"] or 0 for file in files if file["format"] == kind) for kind in _FORMATS.values())


def _manifest(shelf: Shelf) -> dict[str, dict[str, Any]]:
    for path in shelf.exports:
        if path.name == "manifest.json":
            files = json.loads(path.read_text(encoding="utf-8")).get("files", [])
            return {file["path"]: file for file in files}
    return {}


def _size(size: int) -> str:
    """Bytes for people.

    >>> _size(900), _size(12_300), _size(4_200_000)
    ('900 B', '12 kB', '4.2 MB')
    """
    if size < 1_000:
        return f"{size} B"
    return f"{size / 1_000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
