"""Secrets in addresses: what lets somebody in is replaced by a short hash before anything is written down as a row."""

import hashlib
import re
from functools import cache
from typing import TypeVar
from urllib.parse import unquote

from tasks.reference.seeds import seed_path

_USERINFO = re.compile(r"(?<=://)[^/\s?#\"'<>]+@")
_PARAMETER = re.compile(r"(?<=[?&;#])([^=&#;\s\"'<>]{1,64})=([^&#;\s\"'<>]+)")
#: Of a path, as servers of Java write their sessions: ``/news;jsessionid=0A1B?page=2``.
_OF_PATH = re.compile(r"(?<=;)([^=&#;?/\s\"'<>]{1,64})=([^&#;?/\s\"'<>]+)")
#: Of an address within an address, percent-encoded: ``?url=https%3A%2F%2Fa.org%2F%3Ftoken%3D0a1b``.
_ENCODED = re.compile(r"(?i)(?<=%3f|%26)([^=&#;%\s\"'<>]{1,64})%3d((?:(?!%26)[^&#;\s\"'<>])+)")
#: An address has one; so has what Python's clients say of one: ``Max retries exceeded with url: /feed?token=0a1b``.
_SIGNS = ("://", "url: /")
#: What stands for a secret: a tilde and eight digits of its SHA-256, so that two addresses stay two.
_MASK = re.compile(r"~[0-9a-f]{8}")
_LONG = 20

T = TypeVar("T")


def masked(text: str) -> str:
    """A text with the credentials, keys, signatures and sessions of the addresses in it replaced; idempotent.

    >>> masked("feed https://me:pw@a.org/feed?cat=2&token=abc: gone")
    'feed https://a.org/feed?cat=2&token=~ba7816bf: gone'
    >>> masked("https://a.org/?sid=12") == "https://a.org/?sid=12"
    True
    """
    if not any(sign in text for sign in _SIGNS):
        return text
    return _query_masked(_OF_PATH.sub(_parameter, _USERINFO.sub("", text)))


def masked_query(query: str) -> str:
    """The same for the query of an address alone.

    >>> masked_query("id=5&X-Amz-Signature=0f0f"), masked_query("key=" + "a1" * 10)
    ('id=5&X-Amz-Signature=~49a20bf6', 'key=~f18d162c')
    """
    return _query_masked(f"?{query}")[1:]


def masked_all(value: T) -> T:
    """The same for whatever a row holds: texts, and texts in lists and in structs."""
    match value:
        case str():
            return masked(value)  # type: ignore[return-value]
        case list() if value and not isinstance(value[0], int | float):
            return [masked_all(item) for item in value]  # type: ignore[return-value]
        case dict():
            return {name: masked_all(item) for name, item in value.items()}  # type: ignore[return-value]
        case _:
            return value


def _query_masked(text: str) -> str:
    return _ENCODED.sub(_parameter, _PARAMETER.sub(_parameter, text))


def _parameter(match: re.Match[str]) -> str:
    name, value = match.groups()
    if not _is_secret(unquote(name).lower(), value):
        # The value may be an address with parameters of its own.
        return match[0][: -len(value)] + _PARAMETER.sub(_parameter, value)
    # A full stop or colon that ends the sentence is not the address's.
    secret_value = value.rstrip(".,:;)")
    secret = f"~{hashlib.sha256(secret_value.encode()).hexdigest()[:8]}{value[len(secret_value) :]}"
    return match[0][: -len(value)] + secret


def _is_secret(name: str, value: str) -> bool:
    names, endings = _names()
    if _MASK.match(value):
        return False
    if name.endswith(endings):
        return True
    if name not in names:
        return False
    if not names[name]:
        return True
    return len(value) >= _LONG and any(c.isalpha() for c in value) and any(c.isdigit() for c in value)


@cache
def _names() -> tuple[dict[str, bool], tuple[str, ...]]:
    """The names of ``seeds/secret_parameters.txt``, each with whether a short value is none; and endings of names."""
    lines = seed_path("secret_parameters.txt").read_text(encoding="utf-8").splitlines()
    words = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    endings = tuple(name.removeprefix("*") for name, *_ in words if name.startswith("*"))
    return {name: bool(rest) for name, *rest in words if not name.startswith("*")}, endings
