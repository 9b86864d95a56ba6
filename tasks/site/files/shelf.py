"""What the site is given: a way to ask for rows, options, and what it made of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from schemas.version import Difference, StoredVersion

Row = dict[str, Any]


class Ask(Protocol):
    """Answers a named query of ``schemas/sql/queries`` with its rows as dicts."""

    def __call__(self, name: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """The rows."""
        ...


@dataclass(frozen=True, slots=True)
class Shelf:
    """The warehouse as the site sees it: rows by the names of queries, and how versions of an article differ.

    ``exports`` are the files the data page offers; they are linked into the site, so that its folder is whole.
    """

    ask: Ask
    differ: Callable[[Sequence[StoredVersion]], list[Difference]]
    exports: tuple[Path, ...] = ()
    exports_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What a site's editor decides.

    ``days``: least length of the front page's window. ``base_url``: where the site will stand, for feeds; may be empty.
    ``workers``: processes that render beside this one. ``tiles``: address of map tiles of one's own, with {z}, {x} and
    {y}, and ``tiles_credit`` whom to name for them; empty: the bundled outline alone.
    """

    days: int = 30
    alerts: Mapping[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    base_url: str = ""
    tiles: str = ""
    tiles_credit: str = ""
    workers: int = 1


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. ``pages`` are the files the site has; ``written`` of them were new or changed."""

    folder: Path
    events: int
    pages: int
    written: int
    removed: int
