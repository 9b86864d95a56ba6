"""A place to be asked: one feed, sitemap, section or list, and what its answer comes to."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from schemas.apart import ApartError
from schemas.link import FoundIn
from schemas.memory import KnownAddress
from schemas.outcome import Outcome, Reason
from tasks.web.discovery.link_filter import entries_again
from tasks.web.fetching.verdicts import judge_fault, judge_status
from tasks.web.http.answer import Answer, Fault
from tasks.web.http.request_policy import Gate
from tasks.web.readers.entries import Reading

#: RFC 9110: the statuses by which a server says that an address has changed for good.
_FOR_GOOD = {301, 308}


@dataclass(frozen=True, slots=True)
class Place:
    """An address to be asked, by whose leave, and how its answer is read. ``selector`` as the reader uses one."""

    found_in: FoundIn
    url: str
    gate: Gate | None = None
    read: Callable[[Answer], Reading] = lambda _: Reading()
    cut_at: int | None = None
    selector: str = ""
    kind: str = ""


def read_answer(answer: Answer | Fault, place: Place) -> Reading:
    """What an answer says, or what kept it from saying anything."""
    failed = failure_of(answer)
    if failed is not None or isinstance(answer, Fault):
        return failed or Reading()
    try:
        reading = place.read(answer)
    except ApartError as error:
        return Reading(error=error.word, detail=f"its reader gave up: {error}")
    if not answer.cut:
        return reading
    if not reading.entries and not reading.children and reading.error is None:
        reading = replace(
            reading, error=Reason.TOO_LARGE.value
        )  # a bomb in its place, or it begins with nothing of use
    return reading.noting(f"cut off at {place.cut_at} bytes", partial=True)


def read_again(known: KnownAddress) -> Reading:
    """What an address that says "not modified" offers: what it gave when it was last read."""
    since = f" since {known.read_at:%Y-%m-%d}" if known.read_at else ""
    return Reading(entries_again(known), detail=f"not modified{since}")


def failure_of(answer: Answer | Fault) -> Reading | None:
    """What kept a place from being read at all."""
    verdict = judge_fault(answer) if isinstance(answer, Fault) else judge_status(answer, known=False)
    if verdict is None:
        return None
    outcome, reason, detail = verdict
    return Reading(error=reason.value, detail=detail, partial=outcome is Outcome.DEFERRED)


def moved_to(answer: Answer | Fault | None) -> str:
    """Where an address has gone for good, so that somebody changes the entry."""
    if not isinstance(answer, Answer) or not answer.hops or any(hop.status not in _FOR_GOOD for hop in answer.hops):
        return ""
    return f"moved for good to {answer.final_url}"


def final_url(answer: Answer | Fault, url: str) -> str:
    """Where an answer came from; the address itself where none came."""
    return answer.final_url if isinstance(answer, Answer) else url
