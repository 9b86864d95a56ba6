"""What a comparison of ledger, archive and warehouse found, and what came of making the warehouse again."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a verification came upon. ``damaged`` is false if it only tells what happened.

    ``what`` is a word, ``where`` is ``ledger``, ``archive`` or ``warehouse``; ``repair`` says what to do.
    """

    where: str
    what: str
    detail: str
    repair: str = ""
    damaged: bool = True
    file: str | None = None
    offset: int | None = None
    capture_id: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What was compared, and what was found. ``whole`` if nothing is damaged."""

    lines: int
    runs: int
    captures: int
    batches: int
    archive_files: int
    archive_bytes: int
    seconds: float
    findings: tuple[Finding, ...] = ()

    @property
    def whole(self) -> bool:
        """Return True if ledger, archive and warehouse agree."""
        return not any(finding.damaged for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A warehouse made again: where it is, where the old one went, and whether it is in the state of the last run.

    ``expected`` is ``None`` if the last run left no hash of its state.
    """

    path: Path
    kept: Path | None
    runs: int
    pages: int
    state_hash: str
    expected: str | None
    findings: tuple[Finding, ...] = ()

    @property
    def same(self) -> bool | None:
        """True if the state is the one the last run left; ``None`` if nobody knows."""
        return None if self.expected is None else self.state_hash == self.expected
