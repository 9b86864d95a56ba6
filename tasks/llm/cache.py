"""Replies at hand: one file each, named for the hash of all that was asked. May be deleted at any time."""

import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply with what it cost when it was given."""

    content: str
    input_tokens: int
    output_tokens: int


def recall(folder: Path, request_sha256: str) -> Kept | None:
    """The reply to a request; ``None`` if there is none, or no whole one."""
    try:
        data = json.loads(_file(folder, request_sha256).read_text(encoding="utf-8"))
        return Kept(str(data["content"]), int(data["input_tokens"]), int(data["output_tokens"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(folder: Path, request_sha256: str, reply: Kept) -> None:
    """Write a reply, whole or not at all."""
    file = _file(folder, request_sha256)
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    beside.write_text(json.dumps(asdict(reply), ensure_ascii=False), encoding="utf-8")
    beside.replace(file)


def _file(folder: Path, request_sha256: str) -> Path:
    return folder / request_sha256[:2] / f"{request_sha256}.json"
