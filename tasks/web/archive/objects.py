"""Captures in object storage, through fsspec: written whole, read by the stretch.

The archive is written on this machine's disk, where appending and fsync are what they say. Workers of a cluster have no
such disk: the files they need are copied to ``captures_url`` (``s3://bucket/captures``, ``gs://``, ``abfs://``, or
``file://`` on a shared disk) before their batch leaves, and they read one record at a time by its offset and length.
"""

from collections.abc import Iterable
from pathlib import Path

from fsspec.core import url_to_fs  # type: ignore[import-untyped]


def mirror(folder: Path, url: str, names: Iterable[str]) -> list[str]:
    """Copy those files of a folder that the storage does not have in their present size; their names.

    A file of the archive only grows, so its size says which state of it is there. Raises ``OSError``.
    """
    storage, root = url_to_fs(url)
    copied = []
    for name in names:
        source, target = folder / name, f"{root.rstrip('/')}/{name}"
        if storage.exists(target) and storage.size(target) == source.stat().st_size:
            continue
        storage.makedirs(target.rsplit("/", 1)[0], exist_ok=True)
        storage.put_file(str(source), target)
        storage.invalidate_cache(target.rsplit("/", 1)[0])
        copied.append(name)
    return copied


def read_stretch(root: Path | str, name: str, offset: int, length: int) -> bytes:
    """So many bytes of a file, from a folder or from object storage by one ranged request. Raises ``OSError``."""
    if isinstance(root, Path):
        with (root / name).open("rb") as file:
            file.seek(offset)
            return file.read(length)
    storage, path = url_to_fs(root)
    data = storage.cat_file(f"{path.rstrip('/')}/{name}", start=offset, end=offset + length)
    return bytes(data)
