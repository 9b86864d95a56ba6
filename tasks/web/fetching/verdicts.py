"""What an answer or a fault means for a link: the end it comes to, or that there is a page to read."""

from schemas.outcome import Outcome, Reason
from tasks.web.http.response import FetchError, Response

Verdict = tuple[Outcome, Reason, str]

#: Faults that another night may mend. All others are the link's own and end it.
_PASSING = {
    Reason.ROBOTS_UNREACHABLE,
    Reason.UNREACHABLE,
    Reason.TIMEOUT,
    Reason.TOTAL_TIMEOUT,
    Reason.TRUNCATED,
    Reason.RATE_LIMITED,
    Reason.SERVER_ERROR,
    Reason.OVER_TIME,
}
#: RFC 9110 15.5.5 and 15.5.11, RFC 7725: the page is not there any more, or must not be shown.
_ABSENT = {404: Reason.NOT_FOUND, 410: Reason.GONE, 451: Reason.LEGAL}
_REJECTED = {401: Reason.BLOCKED, 402: Reason.BLOCKED, 403: Reason.BLOCKED, 407: Reason.BLOCKED} | dict.fromkeys(
    (204, 205, 304), Reason.EMPTY
)
_DEFERRED = {408: Reason.SERVER_ERROR, 429: Reason.RATE_LIMITED} | dict.fromkeys(range(500, 600), Reason.SERVER_ERROR)
_PAGE = {200, 203}
#: Where a PDF may begin.
_START = 1024
_PDF = b"%PDF-"
_HTML = {"text/html", "application/xhtml+xml"}
#: How files begin that are no HTML, whatever the header says of them.
_MAGIC = (
    (b"PK\x03\x04", "a zip file"),
    (b"\x1f\x8b", "gzip without Content-Encoding"),
    (b"\x28\xb5\x2f\xfd", "zstd without Content-Encoding"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF file"),
)


def is_passing(fault: FetchError) -> bool:
    """Whether another night may mend a fault."""
    return fault.reason in _PASSING


def judge_fault(fault: FetchError) -> Verdict:
    """The end of a link that got no answer."""
    outcome = Outcome.DEFERRED if is_passing(fault) else Outcome.REJECTED
    wait = f"; to be asked again after {fault.retry_after:.0f} s" if fault.retry_after else ""
    return outcome, fault.reason, f"{fault.detail}{wait}"


def judge_status(answer: Response, known: bool) -> Verdict | None:
    """The end its status brings a link to; ``None`` where the body is to be looked at.

    ``known`` says that an earlier capture is held: what was there and is gone leaves a tombstone. A 304 that nobody
    asked for says nothing.
    """
    status, challenge = answer.status, answer.header("cf-mitigated")
    if challenge is not None:
        return Outcome.REJECTED, Reason.BLOCKED, f"HTTP {status}, cf-mitigated: {challenge}"
    if status in _PAGE:
        return None
    detail = f"HTTP {status}"
    if known and status == 304 and answer.conditional:
        return Outcome.UNCHANGED, Reason.NOT_MODIFIED, detail
    if status in _ABSENT:
        return Outcome.TOMBSTONE if known else Outcome.REJECTED, _ABSENT[status], detail
    if status in _DEFERRED:
        return Outcome.DEFERRED, _DEFERRED[status], detail
    return Outcome.REJECTED, _REJECTED.get(status, Reason.HTTP_STATUS), detail


def judge_page(answer: Response) -> Verdict | None:
    """The end of an answer that carries neither HTML nor a PDF; ``None`` for one that does."""
    if not answer.body.strip():
        return Outcome.REJECTED, Reason.EMPTY, "an empty body"
    if answer.body[:_START].lstrip().startswith(_PDF):
        return None
    other = next((name for magic, name in _MAGIC if answer.body.startswith(magic)), None)
    if other is not None:
        return Outcome.REJECTED, Reason.MEDIA_TYPE, f"{other}, said to be {answer.media_type or 'nothing'}"
    if answer.media_type in _HTML or (answer.media_type is None and _looks_like_html(answer.body)):
        return None
    return Outcome.REJECTED, Reason.MEDIA_TYPE, answer.media_type or "no media type, and not HTML"


def _looks_like_html(body: bytes) -> bool:
    start = body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--")) or b"<html" in start
