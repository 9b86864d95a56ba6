"""Exports in object storage, for readers on other machines: whatever fsspec has a word for (s3, gs, abfs, file)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fsspec.core import url_to_fs  # type: ignore[import-untyped]

_MANIFEST = "manifest.json"
_DICTIONARY = "dictionary.md"


def send_exports(folder: Path, url: str) -> list[str]:
    """Bring the storage up to an export's folder; the names sent, the manifest last.

    A file whose SHA-256 the manifest over there names already is not sent again. A file that manifest names and this
    one does not is removed, once the new manifest stands: what was withdrawn must not stay behind. Who reads while
    files are sent compares hashes with the manifest, or reads again. Raises ``OSError``.
    """
    storage, root = url_to_fs(url)
    root = root.rstrip("/")
    storage.invalidate_cache()
    remote, local = _hashes(_told(storage, f"{root}/{_MANIFEST}")), _hashes((folder / _MANIFEST).read_text("utf-8"))
    sent = [name for name, digest in local.items() if remote.get(name) != digest]
    for name in [*sent, _DICTIONARY, _MANIFEST]:
        storage.makedirs(f"{root}/{name}".rsplit("/", 1)[0], exist_ok=True)
        storage.put_file(str(folder / name), f"{root}/{name}")
    for name in sorted(remote.keys() - local.keys()):
        storage.rm_file(f"{root}/{name}")
    return [*sent, _DICTIONARY, _MANIFEST]


def _told(storage: Any, path: str) -> str:
    """The manifest over there; nothing if there is none yet."""
    try:
        return str(storage.cat_file(path).decode("utf-8"))
    except FileNotFoundError:
        return '{"files": []}'


def _hashes(manifest: str) -> Mapping[str, str]:
    """File name to SHA-256; names that would lead out of the folder are not taken."""
    files = {str(file["path"]): str(file["sha256"]) for file in json.loads(manifest)["files"]}
    return {name: digest for name, digest in files.items() if ".." not in Path(name).parts and name[:1] != "/"}
