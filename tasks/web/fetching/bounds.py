"""How long a night may take: so many minutes a source, so many until publication."""

import threading
import time
from collections.abc import Callable

from schemas.outcome import Reason
from schemas.run import Run
from schemas.settings import Settings
from tasks.web.http.failures import above
from tasks.web.http.response import FetchError

_ADVICE = "what is left is deferred to the next night; raise it if the source is honest and has more"
_MINUTE = 60.0


class Bounds:
    """The time of one run, by the monotonic clock; a run that is not of a night (a backfill) has all the time it needs.

    A source's time begins when it is first asked about, the night's when this object is made.
    """

    def __init__(self, run: Run | None, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._bound = run is not None and run.is_night
        self._settings = settings
        self._clock = clock
        self._guard = threading.Lock()
        self._begun = clock()
        self._sources: dict[str, float] = {}

    def over(self, source_id: str) -> FetchError | None:
        """Why nothing more may be asked of a source tonight; ``None`` while there is time."""
        if not self._bound:
            return None
        now = self._clock()
        with self._guard:
            begun = self._sources.setdefault(source_id, now)
        for setting, since in (("source_minutes", begun), ("night_minutes", self._begun)):
            minutes = getattr(self._settings, setting)
            if now - since >= minutes * _MINUTE:
                return FetchError(
                    Reason.OVER_TIME, f"no time left: {above(setting, f'{minutes:g}', _ADVICE)}", again=False
                )
        return None
