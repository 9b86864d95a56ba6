"""Validators (RFC 9110 8.8): what of an answer may be sent back to ask whether a page has changed."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tasks.web.http.response import Response

#: Characters; a longer validator would only be sent back.
MAX_VALIDATOR = 512
#: Clocks differ. RFC 9110 8.8.2.1: a later Last-Modified is no validator, for it would be "not modified" until then.
_CLOCKS_DIFFER = timedelta(minutes=5)


def etag_of(answer: Response) -> str | None:
    """The entity tag, if it can be sent back."""
    return _sendable(answer.header("ETag"))


def last_modified_of(answer: Response) -> str | None:
    """The day of the last change as written, if it is a date that had come when the answer was asked for."""
    words = _sendable(answer.header("Last-Modified"))
    return words if words and has_come(words, answer.requested_at) else None


def has_come(words: str, now: datetime) -> bool:
    """Whether some words are a date of HTTP that is not later than ``now``.

    >>> now = datetime(2024, 1, 1, tzinfo=UTC)
    >>> has_come("Sun, 31 Dec 2023 10:00:00 GMT", now), has_come("Tue, 01 Jan 2041 10:00:00 GMT", now)
    (True, False)
    """
    when = http_date(words)
    return when is not None and when <= now + _CLOCKS_DIFFER


def http_date(words: str) -> datetime | None:
    """A date as HTTP writes it; ``None`` for what is none."""
    try:
        when = parsedate_to_datetime(words)
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError, IndexError):  # what the standard library lets through, by input
        return None


def _sendable(value: str | None) -> str | None:
    """A value of sane length, all of it printable ASCII."""
    return value if value and len(value) <= MAX_VALIDATOR and value.isascii() and value.isprintable() else None
