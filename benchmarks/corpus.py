"""Folders of saved pages and gold, read in place: they belong to others and are never copied."""

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One saved page: its set, its id, the bytes as served, and its gold record."""

    set_name: str
    page_id: str
    body: bytes
    gold: dict[str, Any]


def page_sets(folder: Path) -> list[Path]:
    """The sets in a folder: each holds ``gold.jsonl`` and ``pages/<id>.html.gz``."""
    return sorted(path.parent for path in folder.glob("*/gold.jsonl"))


def saved_pages(folder: Path, limit: int | None = None) -> Iterator[SavedPage]:
    """The pages of every set, taken in turns so that a limit samples all of them; a set in the order of its ids."""
    queues = [iter(sorted(_records(path), key=lambda item: item[1]["id"])) for path in page_sets(folder)]
    given = 0
    while queues and (limit is None or given < limit):
        for queue in list(queues):
            found = next(queue, None)
            if found is None:
                queues.remove(queue)
            elif limit is None or given < limit:
                path, gold = found
                yield SavedPage(path.name, gold["id"], _body(path, gold["id"]), gold)
                given += 1


def _records(path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    with (path / "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            gold = json.loads(line)
            if (path / "pages" / f"{gold['id']}.html.gz").exists():
                yield path, gold


def _body(path: Path, page_id: str) -> bytes:
    with gzip.open(path / "pages" / f"{page_id}.html.gz") as stored:
        return stored.read()


def require(folder: Path | None, option: str, holds: str) -> Path:
    """The folder, or a plain word that it is absent and exit code 2."""
    if folder is None or not folder.is_dir():
        sys.stderr.write(f"{option}: no folder {folder or 'given'}; it should hold {holds}\n")
        sys.exit(2)
    return folder


def tell(figures: dict[str, dict[str, float]], misses: list[str], options: argparse.Namespace) -> int:
    """Print figures by set; the exit code, 2 where no set was found."""
    if not figures:
        sys.stderr.write(f"no gold set of mine under {options.gold}\n")
        return 2
    if options.json:
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        for name, values in figures.items():
            sys.stdout.write(f"{name:<18} " + "  ".join(f"{k} {v:.1f}" for k, v in values.items()) + "\n")
    if options.misses:
        sys.stdout.write("\n".join(misses) + "\n")
    return 0
