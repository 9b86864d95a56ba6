"""The head of an answer: its header lines, and where its body ends (RFC 9112)."""

import re

import requests

from schemas.outcome import Reason
from tasks.web.http.response import FetchError, Headers

#: Not the controls and spaces above 0x7f: UTF-8 in a header, read as Latin-1, is made of them.
_BREAKS = re.compile(r"[\x00-\x20\x7f]+")


def header_lines(response: requests.Response) -> Headers:
    """Header lines as they came, repeated names included, without line breaks inside a value."""
    items = response.raw.headers.items() if response.raw is not None else response.headers.items()
    return tuple((one_line(str(name)), one_line(str(value))) for name, value in items)


def one_line(words: str) -> str:
    """Without line breaks and control characters, which no header may hold and no log should."""
    return _BREAKS.sub(" ", words).strip(" ")


def _parts(response: requests.Response, name: str) -> list[str]:
    """The values of a header, whether they came in several lines or in one with commas."""
    return [part.strip().lower() for part in response.headers.get(name, "").split(",") if part.strip()]


def unclear_framing(response: requests.Response) -> FetchError | None:
    """Why nobody can say where the body ends: RFC 9112 6.1 and 6.3 call such an answer invalid."""
    lengths, codings = _parts(response, "Content-Length"), _parts(response, "Transfer-Encoding")
    if any(not (length.isascii() and length.isdigit()) for length in lengths):
        return FetchError(Reason.PROTOCOL, f"Content-Length: {', '.join(lengths)[:100]}", again=False)
    if codings not in ([], ["chunked"], ["identity"]):
        return FetchError(Reason.PROTOCOL, f"Transfer-Encoding: {', '.join(codings)[:100]}", again=False)
    return None


def declared_length(response: requests.Response) -> int | None:
    """The length of the body in bytes, as the server announces it."""
    lengths = _parts(response, "Content-Length")
    return int(lengths[0][:20]) if lengths else None


def is_framed(response: requests.Response) -> bool:
    """Whether a length or chunks tell where the body ends."""
    return bool(_parts(response, "Content-Length")) or "chunked" in _parts(response, "Transfer-Encoding")
