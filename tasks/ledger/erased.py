"""What the ledger knows of pages that are to be erased: their captures, and what may repeat them."""

from collections.abc import Collection, Iterator
from pathlib import Path

from schemas.ledger import Captured, Kept
from schemas.page import FetchedPage
from schemas.verification import Finding
from tasks.ledger.chain import read_chain

#: Answers that may repeat headlines and texts of pages; robots.txt does not.
_REPEATING = {"feed", "section", "sitemap", "wordpress", "list"}


def pages_kept(folder: Path, urls: Collection[str], capture_ids: Collection[str] = ()) -> list[FetchedPage]:
    """Every page that was kept of some canonical URLs, or under some ids: also those no warehouse knows any more."""
    pages = []
    for line in read_chain(folder):
        if isinstance(line, Finding) or line.kind != Captured.kind:
            continue
        entry = line.entry
        if isinstance(entry, Captured) and (
            entry.page.fetch.link.canonical_url in urls or entry.page.capture.capture_id in capture_ids
        ):
            pages.append(entry.page)
    return pages


def others_kept(folder: Path, source_ids: Collection[str]) -> Iterator[Kept]:
    """The answers of some sources that are no pages, and may repeat what pages say."""
    for line in read_chain(folder):
        if isinstance(line, Finding) or line.kind != Kept.kind:
            continue
        entry = line.entry
        if isinstance(entry, Kept) and entry.source_id in source_ids and entry.what in _REPEATING:
            yield entry
