"""Fetching from many loopback hosts: ours, a bare requests loop, and what a user would pick instead, side by side.

    uv run --group bench python -m benchmarks.fetch [--repeats 3] [--peers scrapy,news-please] [--peer-python PATH]

Three measurements, each phase in a process of its own, the server in another:

* polite: every host asked for one page at a time, ``--delay`` seconds apart; the ceiling is what that alone takes;
* flat out: no delay, so that the work itself is seen: pages a second and CPU a page, with and without our WARC files;
* memory: 10,000 pages by our path, resident memory after each thousand.

Exit code 2 where a peer is not installed (``--peers ""`` leaves them out), 1 where memory grew by more than a tenth.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.peers import Meter
from schemas.link import FoundIn, Link
from schemas.memory import Memory
from schemas.outcome import Batch
from schemas.run import Run, Window
from schemas.settings import Settings
from schemas.source import Source
from tasks.web.fetching.session import Web
from tasks.web.fetching.visit import visit_batch
from tasks.web.http.response import Response
from tasks.web.http.throttle import Throttle

#: As many threads as the flow has (flows/pipeline.py).
FLOW_THREADS = 64
#: Enough to keep two cores busy.
FLAT_THREADS = 16
MEMORY_PAGES = 10_000
GROWTH_ALLOWED = 1.10
RUN = Run("benchmark", Window(date(2024, 1, 1), date(2024, 1, 2)), datetime(2024, 1, 2, tzinfo=UTC), "benchmark")
Task = dict[str, Any]
Figures = dict[str, float]
#: Label and what differs from the common task.
Phases = list[tuple[str, Task]]


def main() -> None:
    """Measure, and print tables or JSON."""
    arguments = _arguments()
    if arguments.phase:
        task = json.loads(arguments.phase)
        print(json.dumps(memory(task) if task["peer"] == "memory" else ours(task)), flush=True)
        return
    peers = [name for name in arguments.peers.split(",") if name]
    for peer in peers:
        _require(peer, arguments.peer_python)
    with _farm(arguments.hosts) as common:
        polite = _measure(_polite_phases(arguments, peers), common, arguments)
        flat = _measure(_flat_phases(arguments, peers), common, arguments)
        held = _run({**common, "peer": "memory", "threads": FLAT_THREADS, "delay": 0.0}, arguments.peer_python)
    ideal = arguments.delay * arguments.pages  # robots.txt and the pages of a host: so many pauses between them
    for figures in polite.values():
        figures["share of ceiling"] = ideal / figures["seconds"]
    growth = max(held.values()) / held["1000"]
    if arguments.json:
        print(json.dumps({"polite": polite, "flat": flat, "memory MiB": held, "memory growth": growth}))
    else:
        _print_tables(arguments, polite, flat, held, growth)
    sys.exit(growth > GROWTH_ALLOWED)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--pages", type=int, default=11, help="pages a host in the polite measurement")
    parser.add_argument("--delay", type=float, default=1.0, help="seconds between two requests to a host")
    parser.add_argument("--flat-pages", type=int, default=15, help="pages a host flat out")
    parser.add_argument("--repeats", type=int, default=3, help="rounds; medians are shown")
    parser.add_argument("--peers", default="scrapy", help="scrapy, news-please, or both with a comma; empty: none")
    parser.add_argument("--peer-python", default=sys.executable, help="the interpreter that has the peers")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--phase", help=argparse.SUPPRESS)
    return parser.parse_args()


def _polite_phases(arguments: argparse.Namespace, peers: list[str]) -> Phases:
    """Those that keep a delay at all."""
    common = {"pages": arguments.pages, "delay": arguments.delay, "archive": True}
    phases: Phases = [
        (f"firstdraft, {FLOW_THREADS} threads as in the flow", {**common, "peer": "ours", "threads": FLOW_THREADS}),
        ("firstdraft, a thread a host", {**common, "peer": "ours", "threads": arguments.hosts}),
    ]
    return phases + [("scrapy", {**common, "peer": "scrapy"}) for peer in peers if peer == "scrapy"]


def _flat_phases(arguments: argparse.Namespace, peers: list[str]) -> Phases:
    common = {"pages": arguments.flat_pages, "delay": 0.0, "threads": FLAT_THREADS, "archive": False}
    phases: Phases = [
        ("bare requests.get", {**common, "peer": "bare"}),
        ("firstdraft, without WARC", {**common, "peer": "ours"}),
        ("firstdraft, with WARC", {**common, "peer": "ours", "archive": True}),
    ]
    return phases + [(peer, {**common, "peer": peer}) for peer in peers]


def _measure(phases: Phases, common: Task, arguments: argparse.Namespace) -> dict[str, Figures]:
    """Every phase once a round, in turns; medians."""
    found: dict[str, list[Figures]] = {label: [] for label, _ in phases}
    for _ in range(arguments.repeats):
        for label, task in phases:
            figures = _run({**common, **task}, arguments.peer_python)
            if figures["pages"] != len(common["hosts"]) * task["pages"]:
                raise SystemExit(f"{label}: {figures['pages']:.0f} pages of {len(common['hosts']) * task['pages']}")
            found[label].append(figures)
    return {label: _median(rounds) for label, rounds in found.items()}


def _median(rounds: list[Figures]) -> Figures:
    figures = {name: median(one[name] for one in rounds) for name in rounds[0]}
    pages = figures["pages"]
    return {**figures, "pages a second": pages / figures["seconds"], "CPU ms a page": figures["cpu"] / pages * 1000}


def _run(task: Task, peer_python: str) -> Figures:
    """One phase, in a process of its own."""
    mine = task["peer"] in {"ours", "memory"}
    command = [sys.executable, "-m", "benchmarks.fetch", "--phase"] if mine else _peer_command(task, peer_python)
    done = subprocess.run([*command, json.dumps(task)], stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _peer_command(task: Task, peer_python: str) -> list[str]:
    python = sys.executable if task["peer"] == "bare" else peer_python
    return [python, "-P", str(Path(__file__).with_name("peers.py"))]


def _require(peer: str, python: str) -> None:
    """End with code 2 where a peer cannot be run."""
    module = {"scrapy": "scrapy", "news-please": "newsplease"}.get(peer)
    if module is None:
        print(f"--peers: no peer is called {peer}; there are scrapy and news-please", file=sys.stderr)
    elif subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode:
        print(
            f"{peer} is not installed for {python}: run with `uv run --group bench`, name an interpreter that has it "
            "by --peer-python, or leave it out of --peers",
            file=sys.stderr,
        )
    else:
        return
    sys.exit(2)


@contextmanager
def _farm(hosts: int) -> Iterator[Task]:
    """The server in a process of its own: its addresses and port."""
    command = [sys.executable, "-m", "benchmarks.site", "--hosts", str(hosts)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise OSError("no pipes to the server")
        yield json.loads(process.stdout.readline())
        process.stdin.close()
        process.stdout.read()


def ours(task: Task) -> Figures:
    """Our path over all hosts of a task: a batch a host, through robots.txt, turns, client, and archive if wanted."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(task["threads"]) as threads:
        web = _web(task, Path(folder))
        visit = _archived if task["archive"] else _unarchived
        meter = Meter()
        return meter.read(sum(threads.map(lambda host: visit(web, task, host, range(task["pages"])), task["hosts"])))


def memory(task: Task) -> Figures:
    """Resident memory in MiB after each thousand pages."""
    hosts = task["hosts"]
    held: Figures = {}
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(task["threads"]) as threads:
        web = _web(task, Path(folder))
        for wave in range(MEMORY_PAGES // 1000):
            some = [hosts[(wave * 20 + number) % len(hosts)] for number in range(20)]
            pages = range(wave * 50, wave * 50 + 50)
            got = sum(threads.map(lambda host, pages=pages: _archived(web, task, host, pages), some))
            if got != 1000:
                raise SystemExit(f"{got} pages of 1000")
            held[str((wave + 1) * 1000)] = _resident()
    return held


def _web(task: Task, folder: Path) -> Web:
    settings = Settings(data_dir=folder, allow_loopback=True, allowed_ports=(task["port"],), total_timeout=60.0)
    return Web(settings, throttle=Throttle())


def _source(task: Task, host: str) -> Source:
    name = f"host-{host.replace('.', '-')}"
    return Source(
        id=name,
        name=name,
        family=name,
        country="SY",
        language="en",
        homepage=f"http://{host}:{task['port']}/",
        delay_seconds=task["delay"],
    )


def _urls(task: Task, host: str, pages: range) -> list[str]:
    return [f"http://{host}:{task['port']}/news/{page}" for page in pages]


def _archived(web: Web, task: Task, host: str, pages: range) -> int:
    source = _source(task, host)
    links = tuple(Link(source.id, url, url, FoundIn.FEED, "") for url in _urls(task, host, pages))
    return len(visit_batch(web, RUN, source, Batch(source.id, pages.start, links), Memory()).items)


def _unarchived(web: Web, task: Task, host: str, pages: range) -> int:
    source = _source(task, host)
    answers = (web.client.get(url, gate=web.page_gate(source)) for url in _urls(task, host, pages))
    return sum(isinstance(answer, Response) and bool(answer.body) for answer in answers)


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


def _print_tables(
    arguments: argparse.Namespace, polite: dict[str, Figures], flat: dict[str, Figures], held: Figures, growth: float
) -> None:
    """For people."""
    ceiling = arguments.hosts / arguments.delay
    print(f"polite: {arguments.hosts} hosts, {arguments.delay:g} s apart: at most {ceiling:.0f} requests a second")
    _print_table(polite, ("pages a second", "share of ceiling", "CPU ms a page", "peak"))
    bare = flat["bare requests.get"]
    for figures in flat.values():
        figures["/ bare"] = figures["pages a second"] / bare["pages a second"]
        figures["CPU / bare"] = figures["cpu"] / bare["cpu"]
    print(f"\nflat out: {arguments.hosts} hosts, no delay, {FLAT_THREADS} threads")
    _print_table(flat, ("pages a second", "/ bare", "CPU ms a page", "CPU / bare", "peak"))
    print(f"\nmemory after each thousand pages, MiB: {', '.join(f'{mib:.1f}' for mib in held.values())}")
    print(f"most / after the first thousand: {growth:.3f} (at most {GROWTH_ALLOWED:g})")


def _print_table(rows: dict[str, Figures], columns: tuple[str, ...]) -> None:
    print(f"{'':<40}" + "".join(f"{column:>18}" for column in columns))
    for label, figures in rows.items():
        print(f"{label:<40}" + "".join(f"{figures[column]:>18.2f}" for column in columns))


if __name__ == "__main__":
    main()
