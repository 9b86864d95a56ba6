"""Where the reader's model lies: the shipped one, or one of this installation's own that ``firstdraft teach`` made."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from tasks.reference.seeds import SEEDS_DIR

SHIPPED = SEEDS_DIR / "models" / "reader"
#: What belongs to a model, in the order its hash is made of.
FILES = ("encoder.onnx", "heads.npz", "tokenizer.json", "reader.json")

_used: list[Path] = [SHIPPED]
_caches: list[Any] = []


def model_folder() -> Path:
    """The folder of the model in use."""
    return _used[0]


def use_model(folder: Path) -> None:
    """Read with the model in this folder from now on, in this process."""
    if folder == _used[0]:
        return
    _used[0] = folder
    for cached in _caches:
        cached.cache_clear()


def of_the_model(cached: Callable[[], Any]) -> Any:
    """Mark a cached function as one that holds something of the model, to be forgotten when another is used."""
    _caches.append(cached)
    return cached


@of_the_model
@cache
def model_hash() -> str:
    """The first letters of the SHA-256 of everything the reader was taught: encoder, heads, tokenizer, labels."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(hashlib.sha256((model_folder() / name).read_bytes()).digest())
    return digest.hexdigest()[:12]
