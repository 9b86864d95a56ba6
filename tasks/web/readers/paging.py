"""What every service has in common that is asked page by page."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.apart import Apart, ApartError
from tasks.web.http.response import FetchError, Response
from tasks.web.readers.entries import Reading

#: Makes one request, through whatever gate.
Ask = Callable[[str], FetchError | Response]
#: What is told of a search that is larger than one may be.
STOPPED = "stopped before its end, ask for less"


@dataclass(frozen=True, slots=True)
class Page:
    """One call: what was asked, what came, what it says; ``again``: the calls after it say all of it, too."""

    url: str
    answer: FetchError | Response
    reading: Reading
    again: bool = False

    @property
    def readable(self) -> bool:
        """Whether there is anything to go on from."""
        return isinstance(self.answer, Response) and self.answer.status == 200 and self.reading.error is None


def read_page(answer: FetchError | Response, read: Callable[[bytes], Reading], apart: Apart) -> Reading:
    """What an answer says, read apart; nothing where there is none, whose status or fault says why."""
    if isinstance(answer, FetchError) or answer.status != 200:
        return Reading()
    try:
        return apart(read, answer.body)
    except ApartError as error:
        return Reading(error=error.word, detail=f"its reader gave up: {error}")
