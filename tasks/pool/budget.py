"""How much reading a night has time for: so many minutes a source, and none after the night's end."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(slots=True)
class Budget:
    """What is left for the pages of one source in one run; shared by its batches, safe for threads.

    ``seconds`` of work in the children, added up; ``until`` is an aware instant.
    """

    seconds: float
    until: datetime
    spent: float = 0.0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def over(self) -> str:
        """Which of the two is used up, for people; empty while there is time."""
        if datetime.now(UTC) >= self.until:
            return f"the night ended at {self.until:%Y-%m-%d %H:%M} UTC (FIRSTDRAFT_NIGHT_MINUTES)"
        if self.spent >= self.seconds:
            minutes = self.seconds / 60
            return f"the pages of this source took {minutes:g} minutes to read (FIRSTDRAFT_SOURCE_MINUTES)"
        return ""

    @contextmanager
    def spending(self) -> Iterator[None]:
        """Count the time that is spent within."""
        begun = time.monotonic()
        try:
            yield
        finally:
            with self.guard:
                self.spent += time.monotonic() - begun


_budgets: dict[tuple[str, str], Budget] = {}
_KEPT = 1_000
_guard = threading.Lock()


def budget_for(run_id: str, source_id: str, minutes: float, until: datetime) -> Budget:
    """The one budget of a source in a run in this process."""
    key = (run_id, source_id)
    with _guard:
        if key not in _budgets:
            _budgets[key] = Budget(minutes * 60, until)
            while len(_budgets) > _KEPT:
                del _budgets[next(iter(_budgets))]
        return _budgets[key]
