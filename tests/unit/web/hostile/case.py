"""What a hostile case is: what a server says, and the one end a link comes to for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.outcome import Outcome, Reason
from tests.unit.web.server import Script, Talk, answer

HOME = "http://news.firstdraft.test"
PAGE = b"<!doctype html><html><body><p>Two soldiers were killed near Riverton.</p></body></html>"

REJECTED, DEFERRED, UNCHANGED, TOMBSTONE = Outcome.REJECTED, Outcome.DEFERRED, Outcome.UNCHANGED, Outcome.TOMBSTONE
#: The link is not settled by the fetch: its page is kept and handed on.
KEPT = None


@dataclass(frozen=True)
class PageCase:
    """One link, ``/a``, through a whole visit.

    ``item`` groups cases by what they are about. ``says`` stands for the answer to ``/a``, or maps paths to answers.
    ``known`` says that an earlier capture is held, with validators. ``wait`` is how many seconds it is deferred for.
    ``told`` must stand in the detail. ``resolves`` maps host names to addresses; other names do not resolve.
    """

    item: str
    name: str
    says: Script | Mapping[str, Script]
    outcome: Outcome | None
    reason: Reason | None = None
    known: bool = False
    wait: float | None = None
    told: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    resolves: Mapping[str, Sequence[str]] = field(default_factory=dict)
    flags: Mapping[str, object] = field(default_factory=dict)

    @property
    def routes(self) -> dict[str, Script]:
        return dict(self.says) if isinstance(self.says, Mapping) else {"/a": self.says}

    @property
    def id(self) -> str:
        return f"{self.item} {self.name}".replace(" ", "_")


@dataclass(frozen=True)
class FeedCase:
    """One feed, sitemap or section page through a whole survey.

    ``error`` is the reason word of its probe, ``links`` how many links to fetch it gave, ``settled`` the reasons of
    the others, in order.
    """

    item: str
    name: str
    says: Script | Mapping[str, Script]
    error: str | None = None
    links: int = 0
    settled: tuple[Reason, ...] = ()
    kind: str = "feed"
    told: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.item} {self.name}".replace(" ", "_")


#: Short limits, for those who never end; all others have seconds they do not need, so that a busy machine fails nobody.
DRIP = {"total_timeout": 0.25}
SILENCE = {"read_timeout": 0.15}


def page(body: bytes = PAGE, **headers: str) -> bytes:
    """A page with further header lines; an underscore stands for a hyphen."""
    return answer(body, headers={name.replace("_", "-"): value for name, value in headers.items()})


def raw(*lines: str, body: bytes = PAGE) -> bytes:
    """A head of exactly these lines, and a body."""
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1") + b"\r\n" + body


def dripped(start: bytes, more: bytes = b"x") -> Script:
    """A start at once, then a byte now and then, for ever."""

    def script(talk: Talk) -> None:
        talk.say(start)
        talk.dribble(more * 1000)

    return script


def silent_after(start: bytes) -> Script:
    """A start, then nothing."""

    def script(talk: Talk) -> None:
        talk.say(start)
        talk.wait()

    return script


def reset_after(start: bytes) -> Script:
    """A start, then the connection is torn down (RST)."""

    def script(talk: Talk) -> None:
        if start:
            talk.say(start)
        talk.reset()

    return script


def endless(start: bytes, block: bytes) -> Script:
    """A start, then the same block as fast as it is taken."""

    def script(talk: Talk) -> None:
        talk.say(start)
        while not talk.stopped.is_set():
            talk.say(block)

    return script


def in_turn(*answers: bytes) -> Script:
    """One answer after another, the last for ever."""
    left = list(answers)

    def script(talk: Talk) -> None:
        talk.say(left.pop(0) if len(left) > 1 else left[0])

    return script


def chunked(*chunks: bytes, head: str = "", end: bytes = b"0\r\n\r\n") -> bytes:
    """A chunked answer."""
    lines = b"".join(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n" for chunk in chunks)
    start = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n{head}\r\n"
    return start.encode("latin-1") + lines + end
