"""Endpoints: one feed, sitemap, section page or list each, and how its response is read."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from schemas.apart import ApartError
from schemas.link import FoundIn
from schemas.memory import KnownAddress
from schemas.outcome import Outcome, Reason
from tasks.web.discovery.link_filter import entries_again
from tasks.web.fetching.verdicts import judge_fault, judge_status
from tasks.web.http.request_policy import RequestPolicy
from tasks.web.http.response import FetchError, Response
from tasks.web.readers.entries import Reading

#: RFC 9110: the statuses by which a server says that an address has changed for good.
_FOR_GOOD = {301, 308}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address to request, the policy of its host, and how its response is read."""

    found_in: FoundIn
    url: str
    gate: RequestPolicy | None = None
    read: Callable[[Response], Reading] = lambda _: Reading()
    cut_at: int | None = None
    selector: str = ""
    kind: str = ""


def read_answer(answer: Response | FetchError, endpoint: Endpoint) -> Reading:
    """The entries of a response, or the error that left none."""
    failed = failure_of(answer)
    if failed is not None or isinstance(answer, FetchError):
        return failed or Reading()
    reading = read_apart(endpoint.read, answer)
    if not answer.cut:
        return reading
    if not reading.entries and not reading.children and reading.error is None:
        reading = replace(
            reading, error=Reason.TOO_LARGE.value
        )  # a bomb in its place, or it begins with nothing of use
    return reading.noting(f"cut off at {endpoint.cut_at} bytes", partial=True)


def read_apart(read: Callable[..., Reading], *arguments: Any) -> Reading:
    """What a reader gives that works in a child; what became of it is the error where it gave nothing."""
    try:
        return read(*arguments)
    except ApartError as error:
        return Reading(error=error.word, detail=f"its reader gave up: {error}")


def read_again(known: KnownAddress) -> Reading:
    """The entries of an endpoint that is not modified: those it had when it was last read."""
    since = f" since {known.read_at:%Y-%m-%d}" if known.read_at else ""
    return Reading(entries_again(known), detail=f"not modified{since}")


def failure_of(answer: Response | FetchError) -> Reading | None:
    """The error because of which an endpoint could not be read; None if there is none."""
    verdict = judge_fault(answer) if isinstance(answer, FetchError) else judge_status(answer, known=False)
    if verdict is None:
        return None
    outcome, reason, detail = verdict
    return Reading(error=reason.value, detail=detail, partial=outcome is Outcome.DEFERRED)


def moved_to(answer: Response | FetchError | None) -> str:
    """A note with the new address if the endpoint has moved permanently, else an empty text."""
    if not isinstance(answer, Response) or not answer.hops or any(hop.status not in _FOR_GOOD for hop in answer.hops):
        return ""
    return f"moved for good to {answer.final_url}"


def final_url(answer: Response | FetchError, url: str) -> str:
    """The URL that a response came from; the requested URL if there is no response."""
    return answer.final_url if isinstance(answer, Response) else url
