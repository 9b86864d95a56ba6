"""What an operator asks of an installation: checks with an answer and advice, and the figures a monitor reads."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Level(StrEnum):
    """How a check ended: all well, to be looked at, or something that must be mended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``told`` says what was found, ``advice`` what to do next; empty only if all is well."""

    name: str
    level: Level
    told: str
    advice: str = ""

    def __post_init__(self) -> None:
        if self.level is not Level.OK and not self.advice:
            raise ValueError(f"check {self.name} does not say what to do next")


@dataclass(frozen=True, slots=True)
class Serving:
    """Who serves a data folder: the supervisor's process, since when (UTC), and the address of its Prefect API."""

    pid: int
    since: datetime
    api: str


@dataclass(frozen=True, slots=True)
class RunFigures:
    """The runs of one origin: how many ended how, and the last one that was done. Instants are epoch seconds.

    ``sources`` to ``changed_rows`` are of the last run that was done; ``None`` if none was.
    """

    origin: str
    done: int
    abandoned: int
    running: int
    last_start: float
    last_success: float | None
    seconds: float | None
    links: int | None
    articles: int | None
    mentions: int | None
    sources: int | None
    sources_down: int | None
    changed_rows: int | None


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """One enabled source; ``state`` as in the view ``source_health``, instants in epoch seconds."""

    source_id: str
    state: str
    last_success: float | None
    last_new_item: float | None
    addresses_down: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All a monitor reads. ``links`` counts the links of the last run by source and outcome, ``rows`` by table."""

    runs: tuple[RunFigures, ...]
    sources: tuple[SourceFigures, ...]
    links: dict[tuple[str, str], int]
    rows: dict[str, int]
    warehouse_bytes: int
    code_version: str


@dataclass(frozen=True, slots=True)
class Child:
    """A process the supervisor keeps: its name, its command line, and what is added to the environment."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    folder: Path
