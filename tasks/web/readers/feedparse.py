"""feedparser at work, and a process of its own to keep it in.

feedparser reads nearly every feed there is, and takes for ever over some that nobody wrote in earnest: measured, an
``<author>`` of 100 KB 48 s, 100,000 attributes 40 s, a million nested elements 20 s and 688 MB. No check of the bytes
can foresee all of that, so beyond a few kilobytes it runs in a child (``python -m tasks.web.readers.feedparse``: bytes
in, JSON out) that the system stops at its limits. A child costs 0.1 s.
"""

import contextlib
import json
import resource
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import feedparser

#: Bytes read here: the worst known input of this size takes a quarter of a second.
HERE_UP_TO = 8 * 1024
#: Limits of the child: processor seconds, seconds by the clock on a busy machine, bytes of memory.
MAX_CPU_SECONDS = 10
MAX_SECONDS = 30
MAX_MEMORY = 512 * 1024 * 1024

_ROOT = Path(__file__).resolve().parents[3]
#: As many children at once as help on a small machine.
_CHILDREN = threading.Semaphore(2)

#: ``version`` as feedparser names it, ``entries`` as (link, title, published, updated), ``flaw`` of the XML.
Rows = dict[str, Any]


class TooMuchError(Exception):
    """The feed took the child beyond a limit; the text says which."""


def parse(data: bytes, most: int) -> Rows:
    """The first entries of a feed in UTF-8, at most so many. Raises :class:`TooMuchError`."""
    return rows_of(data, most) if len(data) <= HERE_UP_TO else _apart(data, most)


def rows_of(data: bytes, most: int) -> Rows:
    """The same in this process, with no limit of time or memory; never raises :class:`TooMuchError`."""
    parsed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    return {
        "version": parsed.version,
        "entries": [_row(item) for item in parsed.entries[:most]],
        "flaw": _flaw(parsed),
    }


def _row(item: Any) -> list[str | None]:
    """Link, title, published, updated. ``dict.get`` on purpose: feedparser's own look-up falls back to other keys.

    An entry without a link is known by an id that is an address, whatever it says of its permanence.
    """
    link, identity = dict.get(item, "link"), str(dict.get(item, "id") or "").strip()
    named = link or (identity if identity.startswith(("http://", "https://")) else None)
    values = (named, *(dict.get(item, name) for name in ("title", "published", "updated")))
    return [str(value) if value else None for value in values]


def _flaw(parsed: Any) -> str:
    """What was wrong with the XML, where something was; a wrong charset label alone loses nothing."""
    error = parsed.get("bozo_exception") if parsed.bozo else None
    if error is None or isinstance(error, (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)):
        return ""
    return f"broken XML, read as far as possible: {error}"[:200]


def _apart(data: bytes, most: int) -> Rows:
    command = [sys.executable, "-m", __name__, str(most), str(MAX_CPU_SECONDS), str(MAX_MEMORY)]
    with _CHILDREN:
        try:
            done = subprocess.run(  # noqa: S603 - this very module
                command, input=data, capture_output=True, timeout=MAX_SECONDS, cwd=_ROOT, env={}, check=False
            )
        except subprocess.TimeoutExpired:
            raise TooMuchError(f"not read within {MAX_SECONDS} s") from None
    if done.returncode == 0:
        rows: Rows = json.loads(done.stdout)
        return rows
    if b"MemoryError" in done.stderr:
        raise TooMuchError(f"reading it takes more than {MAX_MEMORY // 1024**2} MiB")
    if done.returncode < 0:
        raise TooMuchError(f"reading it takes more than {MAX_CPU_SECONDS} s of processor time")
    raise TooMuchError(f"its reader failed: {done.stderr[-200:].decode('utf-8', 'replace').strip()}")


def main() -> None:
    """The child: a feed on standard input, its rows on standard output; entries, seconds and bytes as arguments."""
    most, seconds, memory = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(rows_of(sys.stdin.buffer.read(), most), sys.stdout)


if __name__ == "__main__":
    main()
