"""Fetching like every night, over and over, from hosts of which some answers are hostile: does anything pile up?

    uv run python -m benchmarks.soak --minutes 60 [--hosts 40] [--json]

Round after round a fresh run asks every host for its links through the whole fetch path (robots.txt, turns, client,
WARC). One answer in twenty is hostile. At the end, and exit code 1 where one does not hold:

* every link of every round came to exactly one end, the one its kind of answer allows;
* descriptors, threads and resident memory of the last third of the rounds are those of the first third;
* no temporary file and no unfinished WARC file is left.
"""

import argparse
import gzip
import json
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.site import End, Farm, Heard, Reply, Script, http, loopback_hosts, news_pages, say
from schemas.link import FoundIn, Link
from schemas.memory import Memory
from schemas.outcome import Batch, Outcome
from schemas.page import FetchedPage
from schemas.run import Run, Window
from schemas.settings import Settings
from schemas.source import Source
from tasks.web.fetching.session import Web
from tasks.web.fetching.visit import visit_batch
from tasks.web.http.throttle import Throttle

THREADS = 32
LINKS = 16
DELAY_SECONDS = 0.02
HOSTILE_SHARE = 0.05
LIMIT = 1_000_000
MEMORY_GROWTH = 1.10
#: Descriptors and threads may differ by what a server that hangs up late keeps open for a moment.
SPARE = 4
WINDOW = Window(date(2024, 1, 1), date(2024, 1, 2))
#: What a kind of answer may end in, beside being deferred where its host is out. ``None``: a page.
ENDS: dict[str, set[Outcome | None]] = {
    "ok": {None},
    "error": {Outcome.DEFERRED},
    "busy": {Outcome.DEFERRED},
    "reset": {Outcome.DEFERRED},
    "cut": {Outcome.DEFERRED},
    "hang": {Outcome.DEFERRED},
    "drip": {Outcome.DEFERRED},
    "huge": {Outcome.REJECTED},
    "bomb": {Outcome.REJECTED},
    "coding": {None},  # no gzip, though it says so: what stands there is a page
    "bytes": {None, Outcome.REJECTED, Outcome.QUARANTINED},
    "garbage": {Outcome.REJECTED, Outcome.QUARANTINED},
    "circle": {Outcome.REJECTED},
    "gone": {Outcome.REJECTED},
}
HOSTILE = sorted(ENDS.keys() - {"ok"})


@dataclass
class Record:
    """What the rounds showed."""

    rounds: int = 0
    links: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)
    resident: list[float] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def main() -> None:
    """Soak, report, and say by the exit code whether all held."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--hosts", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.hosts)
        return
    record = soak(arguments.minutes, arguments.hosts)
    figures, broken = judge(record)
    if arguments.json:
        print(json.dumps({"soak": figures, "ends": dict(record.ends), "broken": broken}))
    else:
        for name, value in figures.items():
            print(f"{name:<44} {value:>12,.2f}")
        print("\n".join(f"{count:>8} {end}" for end, count in sorted(record.ends.items())))
        print("\n".join(f"BROKEN: {line}" for line in broken) or "all held")
    sys.exit(bool(broken))


def soak(minutes: float, hosts: int) -> Record:
    """Rounds until the time is over; a round that has begun is finished."""
    record, started = Record(), time.monotonic()
    with tempfile.TemporaryDirectory() as name, _farm(hosts) as farm, ThreadPoolExecutor(THREADS) as threads:
        folder = Path(name)
        (folder / "tmp").mkdir()
        tempfile.tempdir = str(folder / "tmp")
        throttle = Throttle()
        while record.rounds < 6 or time.monotonic() - started < minutes * 60:
            _round(farm, folder, throttle, threads, record)
        tempfile.tempdir = None
    return record


def _round(farm: dict[str, Any], folder: Path, throttle: Throttle, threads: ThreadPoolExecutor, record: Record) -> None:
    """One night: every host's links, then a look at what it left behind."""
    record.rounds += 1
    run = Run("soak", WINDOW, datetime.now(UTC), "soak")
    web = Web(_settings(farm, folder), throttle=throttle)
    work = [(_source(host, farm["port"]), _batch(host, farm["port"], record.rounds)) for host in farm["hosts"]]
    ends = list(threads.map(lambda item: visit_batch(web, run, item[0], item[1], Memory()), work))
    for (_, batch), end in zip(work, ends, strict=True):
        _note_ends(batch, end, record)
    record.left += [str(path) for path in folder.rglob("*.open")] + [str(path) for path in (folder / "tmp").iterdir()]
    shutil.rmtree(folder / "captures")
    record.descriptors.append(len(list(Path("/proc/self/fd").iterdir())))
    record.threads.append(threading.active_count())
    record.resident.append(int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 2**20)


def _settings(farm: dict[str, Any], folder: Path) -> Settings:
    """Limits short enough that what hangs does not take the whole hour."""
    return Settings(
        data_dir=folder,
        allow_loopback=True,
        allowed_ports=(farm["port"],),
        connect_timeout=5.0,
        read_timeout=0.5,
        total_timeout=2.0,
        max_body_bytes=LIMIT,
        max_delay_seconds=2.0,
        max_redirects=5,
        retries=1,
    )


def _source(host: str, port: int) -> Source:
    name = f"host-{host.replace('.', '-')}"
    homepage = f"http://{host}:{port}/"
    return Source(
        id=name, name=name, family=name, country="SY", language="en", homepage=homepage, delay_seconds=DELAY_SECONDS
    )


def _batch(host: str, port: int, number: int) -> Batch[Link]:
    """Links whose paths begin with the kind of answer they get."""
    chance = random.Random(f"{host} {number}")
    kinds = [chance.choice(HOSTILE) if chance.random() < HOSTILE_SHARE else "ok" for _ in range(LINKS)]
    urls = [f"http://{host}:{port}/{kind}/{number}-{at}" for at, kind in enumerate(kinds)]
    return Batch(host, number, tuple(Link(host, url, url, FoundIn.FEED, "") for url in urls))


def _note_ends(batch: Batch[Link], end: Batch[FetchedPage], record: Record) -> None:
    """Count the ends; a link without one, with two, or with the wrong one is written down."""
    ends: list[tuple[str, Outcome | None, str]] = [(page.fetch.link.url, None, "page") for page in end.items]
    ends += [(one.fetch.link.url, one.outcome, f"{one.outcome} {one.reason}") for one in end.settled]
    record.links += len(batch)
    if Counter(url for url, _, _ in ends) != Counter(link.url for link in batch.items):
        record.wrong.append(f"{batch.source_id} round {batch.number}: links without an end, or with two")
    for url, outcome, told in ends:
        kind = url.split("/")[3]
        record.ends[f"{kind}: {told}"] += 1
        if outcome not in ENDS[kind] | {Outcome.DEFERRED}:
            record.wrong.append(f"{url}: {told}")


def judge(record: Record) -> tuple[dict[str, float], list[str]]:
    """Figures, and what does not hold."""
    figures: dict[str, float] = {"rounds": record.rounds, "links": record.links}
    broken = record.wrong[:20] + [f"left behind: {path}" for path in record.left[:20]]
    for name, values, most in (
        ("descriptors", record.descriptors, SPARE),
        ("threads", record.threads, SPARE),
        ("resident MiB", record.resident, 0.0),
    ):
        # The first round imports, compiles and warms up.
        third = max((len(values) - 1) // 3, 1)
        first, last = median(values[1 : third + 1]), median(values[-third:])
        figures |= {f"{name}, first third": first, f"{name}, last third": last}
        allowed = first + most if most else first * MEMORY_GROWTH
        if last > allowed:
            broken.append(f"{name} grew from {first:.1f} to {last:.1f}")
    stored = record.ends["ok: page"] / max(sum(n for end, n in record.ends.items() if end.startswith("ok: ")), 1)
    figures["good pages stored, share"] = stored
    return figures, broken


def hostile_script() -> Script:
    """Answers by the first word of the path; no robots.txt."""
    pages = [http(200, gzip.compress(page), Content_Encoding="gzip") for page in news_pages(8_000)]
    whole = http(200, b"<!doctype html>" + b"x" * 900)
    replies = {
        "error": say(502),
        "busy": say(429, Retry_After="1"),
        "reset": Reply(whole[:200], End.RESET),
        "cut": Reply(whole[:600], End.CLOSE),
        "hang": Reply(whole[:300], End.HANG),
        "drip": Reply(whole, End.DRIP),
        "huge": Reply(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + b"<p>" * LIMIT, End.CLOSE),
        "bomb": say(200, gzip.compress(bytes(20 * LIMIT)), Content_Encoding="gzip"),
        "coding": say(200, b"<html>not gzip</html>", Content_Encoding="gzip"),
        "bytes": say(200, b"<html><p>" + bytes(range(256)) * 20, Content_Type="text/html; charset=utf-99"),
        "garbage": Reply(b"\x16\x03\x01 no HTTP\r\n\r\n", End.CLOSE),
        "gone": say(410),
    }

    def script(heard: Heard) -> Reply:
        kind = heard.path.split("/")[1]
        if kind == "ok":
            return Reply(pages[zlib.crc32(heard.path.encode()) % len(pages)])
        if kind == "circle":
            return say(302, Location=heard.path)
        return replies.get(kind) or say(404)

    return script


def serve(hosts: int) -> None:
    """The farm, until standard input ends."""
    addresses = loopback_hosts(hosts)
    with Farm(hostile_script(), addresses, keep_log=False) as farm:
        print(json.dumps({"port": farm.port, "hosts": addresses}), flush=True)
        sys.stdin.read()


@contextmanager
def _farm(hosts: int) -> Iterator[dict[str, Any]]:
    """The farm in a process of its own, so that its descriptors are not counted."""
    command = [sys.executable, "-m", "benchmarks.soak", "--serve", "--hosts", str(hosts)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise OSError("no pipes to the server")
        yield json.loads(process.stdout.readline())
        process.stdin.close()


if __name__ == "__main__":
    main()
