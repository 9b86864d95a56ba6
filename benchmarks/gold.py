"""Labelled pages: the gold of each, what a tool reads of one, and the folders they stand in."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Gold:
    """One labelled page."""

    id: str
    url: str
    title: str | None
    date: str | None
    authors: tuple[str, ...] | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tool made of a page; ``refused`` names the gate that turned it away.

    ``declared``: the day is what the page itself declares for machines (JSON-LD, meta) to be that of publication.
    """

    title: str | None = None
    day: str | None = None
    authors: tuple[str, ...] = ()
    text: str = ""
    refused: str | None = None
    declared: bool = False


def gold_sets(folder: Path, names: list[str]) -> Iterator[tuple[str, list[tuple[Gold, bytes]]]]:
    """Each set of a folder with its pages read into memory, by name."""
    for path in sorted(folder.glob("*/gold.jsonl")):
        if not names or path.parent.name in names:
            yield path.parent.name, list(labelled_pages(path))


def labelled_pages(path: Path) -> Iterator[tuple[Gold, bytes]]:
    """The labelled pages of one set whose file exists."""
    for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n"):
        record = json.loads(line)
        page = path.parent / "pages" / f"{record['id']}.html.gz"
        if page.is_file():
            authors = record.get("authors")
            gold = Gold(
                record["id"],
                string(record["url"]) or "",
                string(record.get("title")),
                string(record.get("date")),
                tuple(authors) if isinstance(authors, list) and authors else None,
                string(record.get("text")),
            )
            yield gold, gzip.decompress(page.read_bytes())


def string(value: object) -> str | None:
    """A label that is text; sets write missing ones as null, as NaN or as nothing."""
    return value if isinstance(value, str) and value else None


def corpus_hash(pages: list[tuple[Gold, bytes]]) -> str:
    """The SHA-256 of a set: of the gold and the bytes of each page, in the order of their ids."""
    digest = hashlib.sha256()
    for gold, body in sorted(pages, key=lambda pair: pair[0].id):
        digest.update(repr(gold).encode())
        digest.update(hashlib.sha256(body).digest())
    return digest.hexdigest()
