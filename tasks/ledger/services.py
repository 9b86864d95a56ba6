"""Questions to services outside that bear witness: time stamps, calendars, archives. Their answers have a bound."""

from dataclasses import dataclass

import requests
from urllib3.exceptions import HTTPError

from schemas.errors import StampError

#: Seconds until a connection or the next bytes of an answer; bytes of an answer at most.
_TIMEOUT, _LONGEST = 120.0, 100_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered: the HTTP status, the media type it declares ("" if none), the body."""

    status: int
    media_type: str
    body: bytes


def post(address: str, data: bytes | dict[str, str], headers: dict[str, str]) -> Answer:
    """The answer of a service. Raises :class:`StampError` if nobody answers, or with more than 100,000 bytes."""
    try:
        with requests.post(address, data=data, headers=headers, timeout=_TIMEOUT, stream=True) as answer:
            body = answer.raw.read(_LONGEST + 1, decode_content=True)
    except (requests.RequestException, HTTPError) as error:
        raise StampError(f"nobody answers at {address} ({type(error).__name__})") from error
    if len(body) > _LONGEST:
        raise StampError(f"{address} answers with more than {_LONGEST:,} bytes")
    return Answer(answer.status_code, answer.headers.get("Content-Type", ""), body)
