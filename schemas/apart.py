"""Work on foreign bytes done apart from the process that depends on its end."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class ApartError(Exception):
    """A call that gave no result: it met a limit, its process died, or it raised.

    ``word`` is ``too_slow`` if it met a limit of time or memory, else ``failed``; the text says which, for people.
    """

    def __init__(self, word: str, detail: str) -> None:
        super().__init__(detail)
        self.word = word


class Apart(Protocol):
    """Calls a function with limits on time and memory. The function must be importable by name."""

    def __call__(self, function: Callable[..., T], *arguments: Any) -> T:
        """The function's result. Raises :class:`ApartError`."""
        ...


def here(function: Callable[..., T], *arguments: Any) -> T:
    """The same in this process, without limits: for tests, and for documents of our own."""
    return function(*arguments)
