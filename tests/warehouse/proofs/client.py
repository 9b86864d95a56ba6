"""Asking for nights: the newsroom, the process that forks them, and folders to start from."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from benchmarks.site import Farm
from schemas.settings import Settings
from tasks.warehouse.store.connect import open_reader
from tests.warehouse.proofs.newsroom import newsroom

ROOT = Path(__file__).resolve().parents[3]
Step = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """How a process fared: whether it was killed, the CPU it used in seconds, and what each of its steps told."""

    pid: int
    killed: bool
    cpu: float
    steps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def end(self) -> str:
        """``killed``, ``done`` or ``failed``."""
        return "killed" if self.killed else str(self.steps[-1]["end"])

    @property
    def last(self) -> dict[str, Any]:
        """What its last step told. Fails with what went wrong where that did not come to its end."""
        assert self.end == "done", self.steps[-1] if self.steps else "killed"
        return self.steps[-1]


class Nights:
    """The process that forks nights."""

    def __init__(self, process: "subprocess.Popen[str]", farm: Farm) -> None:
        self._process = process
        self.farm = farm

    def ask(self, *processes: list[Step]) -> list[Answer]:
        """Processes, all at once; each makes its steps in turn."""
        told = [[{"port": self.farm.port} | step for step in steps] for steps in processes]
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        return [Answer(**answer) for answer in json.loads(self._process.stdout.readline())]

    def night(self, folder: Path, run: int, **asked: Any) -> Answer:
        """One night in a process of its own."""
        return self.ask([{"folder": str(folder), "run": run, **asked}])[0]

    def do(self, doing: str, folder: Path, **asked: Any) -> Answer:
        """Something else in a process of its own: what ``nights._DOINGS`` names, ``rebuild`` or ``forget``."""
        return self.ask([{"do": doing, "folder": str(folder), **asked}])[0]


@contextmanager
def open_nights(hostile_share: float = 0.0) -> Iterator[Nights]:
    """The newsroom and the process, until the block ends."""
    command = [sys.executable, "-m", "tests.warehouse.proofs.nights"]
    with (
        Farm(newsroom(hostile_share)) as farm,
        TemporaryFile("w+") as said,
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            said.seek(0)
            raise RuntimeError(said.read()[-3000:])
        yield Nights(process, farm)
        process.stdin.close()


@dataclass(frozen=True, slots=True)
class Reference:
    """What never was killed: a folder after the first night, and what the second night comes to.

    ``passes`` are those of the second night with its report, ``alone`` those without, ``cpu`` and ``seconds`` what
    passes between the opening and the closing of its run.
    """

    folder: Path
    first_state: str
    state: str
    passes: Counter[str]
    alone: Counter[str]
    first_passes: Counter[str]
    cpu: float
    seconds: float


PASSES = ("first", "second", "last")


def number_of(which: str, passes: int) -> int | None:
    """The pass meant, counted from 1; ``None`` where there is none, or it is one of the others."""
    number = {"first": 1, "second": 2, "last": passes}[which]
    return number if number <= passes and not (which == "last" and passes <= 2) else None


def copied(folder: Path, target: Path) -> Path:
    """A copy of a folder, to be harmed."""
    shutil.copytree(folder, target)
    return target


def urls(folder: Path) -> list[str]:
    """The addresses of the articles a house holds, sorted."""
    with open_reader(Settings(data_dir=folder)) as con:
        return [url for (url,) in con.execute("SELECT canonical_url FROM articles ORDER BY 1").fetchall()]
