"""Files that survive a power cut: bytes written to the last one, names and contents on disk on return."""

import os
from pathlib import Path


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of the bytes, however few the system takes at a time. Raises ``OSError``."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_path(path: Path) -> None:
    """Put a file, or the names in a folder, on disk. Raises ``OSError``."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
