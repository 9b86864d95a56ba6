"""The folder of the site: what is the same is left alone, what is gone is removed, each file is whole at any moment."""

import contextlib
import hashlib
import json
import os
from pathlib import Path
from types import TracebackType
from typing import Self

#: What the last build wrote: path to digest of what it was made of. A file nobody built is never touched.
_BOOK = ".built.json"


class Folder:
    """Files written by relative path. ``made_with`` names code and templates: when they change, every page is new."""

    def __init__(self, root: Path, made_with: str = "") -> None:
        """Open the folder, making it where it is missing."""
        self.root = root
        self.made_with = made_with
        self.now: dict[str, str] = {}
        self.written = 0
        self.removed = 0
        root.mkdir(parents=True, exist_ok=True)
        self.before = self._read_book()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()

    def standing(self, path: str, made_of: bytes) -> bool:
        """Whether the page is there as this input makes it; notes it as part of the site either way."""
        digest = hashlib.blake2b(made_of, digest_size=12, key=self.made_with.encode()[:64]).hexdigest()
        self.now[path] = digest
        return self.before.get(path) == digest and os.path.exists(f"{self.root}/{path}")  # noqa: PTH110 - one of 100,000

    def write(self, path: str, data: bytes) -> None:
        """Write a file that :meth:`standing` said is not there."""
        write_file(str(self.root), path, data)
        self.written += 1

    def put(self, path: str, text: str | bytes) -> None:
        """Write a small file unless it is the same already."""
        data = text.encode("utf-8", "replace") if isinstance(text, str) else text
        if not self.standing(path, data):
            self.write(path, data)

    def link(self, path: str, source: Path) -> None:
        """Offer a file that lies elsewhere: by hard link where the disk allows, else as a copy."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        self.now[path] = "link"
        fresh = target.with_name(f"{target.name}.new")
        fresh.unlink(missing_ok=True)
        try:
            fresh.hardlink_to(source)
        except OSError:
            fresh.write_bytes(source.read_bytes())
        # Renaming a file onto another name of itself does nothing and leaves both (POSIX).
        fresh.replace(target)
        fresh.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove what the last build wrote and this one did not, and write the book."""
        for path in self.before.keys() - self.now.keys():
            with contextlib.suppress(FileNotFoundError):
                (self.root / path).unlink()
                self.removed += 1
            with contextlib.suppress(OSError):
                (self.root / path).parent.rmdir()
        fresh = self.root / f"{_BOOK}.new"
        fresh.write_text(json.dumps(self.now, indent=0, sort_keys=True), encoding="utf-8")
        fresh.replace(self.root / _BOOK)

    def _read_book(self) -> dict[str, str]:
        try:
            book = json.loads((self.root / _BOOK).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return book if isinstance(book, dict) else {}


def write_file(root: str, path: str, data: bytes) -> None:
    """Write a file, over an old one by rename, so that no reader meets half of it; folders are made where missing.

    A new file is written in place: no page leads to it yet, and one left half-written is not in the book.
    """
    target = f"{root}/{path}"
    try:
        file = open(target, "xb")  # noqa: PTH123, SIM115 - one of 100,000: Path costs as much as the writing
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120 - as above
        file = open(target, "xb")  # noqa: PTH123, SIM115 - as above
    except FileExistsError:
        file = open(f"{target}.new", "wb")  # noqa: PTH123, SIM115 - as above
    with file:
        file.write(data)
    if file.name != target:
        os.replace(file.name, target)  # noqa: PTH105 - as above
