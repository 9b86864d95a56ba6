"""The whole flow over saved pages served on loopback, beside a bare loop of trafilatura over the same bytes.

    uv run python -m benchmarks.pipeline --pages DIR [--limit 300] [--json]

Each figure is measured in a process of its own, one after the other, in one run: the ratio is what to read, the
seconds depend on the machine.
"""

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from benchmarks.corpus import SavedPage, require, saved_pages
from schemas.run import Run, Window
from schemas.settings import Settings
from schemas.source import Source

WINDOW = Window(date(1990, 1, 1), date(2030, 1, 1))
Figures = dict[str, float]
T = TypeVar("T")


def main() -> None:
    """Measure, and print a table or JSON."""
    arguments = _arguments()
    folder = require(arguments.pages, "--pages", "<set>/gold.jsonl and <set>/pages/<id>.html.gz")
    if arguments.phase:
        sys.stdout.write(json.dumps(PHASES[arguments.phase](folder, arguments.limit)) + "\n")
        return
    figures = _measure(folder, arguments.limit)
    if arguments.json:
        sys.stdout.write(json.dumps({"pipeline": figures}) + "\n")
    else:
        for name, value in figures.items():
            print(f"{name:<42} {value:>12,.2f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=Path, help="folder of page sets")
    parser.add_argument("--limit", type=int, default=300, help="pages to take, from all sets in turns")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--phase", choices=("bare", "verbs", "flow"), help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(folder: Path, limit: int) -> Figures:
    bare, verbs, flow = (_in_process(phase, folder, limit) for phase in ("bare", "verbs", "flow"))
    pages = flow["pages"]
    return {
        "pages": pages,
        "bare trafilatura, pages a second": pages / bare["seconds"],
        "flow, pages a second": pages / flow["seconds"],
        "flow / bare trafilatura (pages a second)": bare["seconds"] / flow["seconds"],
        "flow, seconds": flow["seconds"],
        "same verbs without Prefect, seconds": verbs["seconds"],
        "Prefect overhead while it runs, seconds": flow["seconds"] - verbs["seconds"],
        "Prefect import and server start, seconds": flow["start"],
        "second run, unchanged, seconds": flow["second"],
        "second run, rows changed": flow["changed"],
        "peak memory, MiB": flow["peak"],
        "peak memory of bare trafilatura, MiB": bare["peak"],
        "articles": flow["articles"],
        "mentions": flow["mentions"],
        "events": flow["events"],
    }


def _in_process(phase: str, folder: Path, limit: int) -> Figures:
    command = [sys.executable, "-m", "benchmarks.pipeline", "--phase", phase]
    command += ["--pages", str(folder), "--limit", str(limit)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _bare(folder: Path, limit: int) -> Figures:
    import trafilatura  # noqa: PLC0415 - its import is not what is measured

    bodies = [page.body for page in saved_pages(folder, limit)]
    started = time.perf_counter()
    for body in bodies:
        trafilatura.bare_extraction(body, with_metadata=True)
    return {"seconds": time.perf_counter() - started, "peak": _peak()}


def _verbs(folder: Path, limit: int) -> Figures:
    """The verbs of the flow as plain functions, one after the other."""
    from tasks.clean import clean  # noqa: PLC0415
    from tasks.discover import discover  # noqa: PLC0415
    from tasks.extract import extract  # noqa: PLC0415
    from tasks.fetch import fetch  # noqa: PLC0415
    from tasks.load import close_run, load, load_probes, open_run  # noqa: PLC0415
    from tasks.resolve import resolve  # noqa: PLC0415

    with _served(folder, limit) as (sources, settings):
        run = _run()
        started = time.perf_counter()
        memory = open_run(run, sources, settings)
        for source in sources:
            discovery = discover.fn(run, source, memory, settings)
            load_probes(run, discovery, settings)
            for batch in discovery.batches:
                pages = fetch.fn(run, source, batch, memory, settings)
                load(run, extract.fn(source, clean.fn(source, pages, settings)), settings)
        resolve(run, settings)
        close_run(run, sources, settings)
        return {"seconds": time.perf_counter() - started}


def _flow(folder: Path, limit: int) -> Figures:
    with _served(folder, limit) as (sources, settings):
        from flows.environment import prepare_embedded  # noqa: PLC0415

        started = time.perf_counter()
        prepare_embedded(settings.data_dir / "prefect")
        from prefect import flow  # noqa: PLC0415

        from flows.ingest import ingest  # noqa: PLC0415

        flow(_nothing)()
        start = time.perf_counter() - started
        first, summary = _timed(lambda: ingest(_run(), sources, settings))
        second, again = _timed(lambda: ingest(_run(), sources, settings))
        return {
            "start": start,
            "seconds": first,
            "second": second,
            "changed": again.rows_changed,
            "pages": summary.discovered,
            "articles": summary.articles,
            "mentions": summary.mentions,
            "events": summary.events,
            "peak": _peak(),
        }


def _nothing() -> None:
    """A flow that does nothing: what starting Prefect costs."""


PHASES: dict[str, Callable[[Path, int], Figures]] = {"bare": _bare, "verbs": _verbs, "flow": _flow}


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _run() -> Run:
    return Run("benchmark", WINDOW, datetime.now(UTC), "benchmark")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def _served(folder: Path, limit: int) -> Iterator[tuple[tuple[Source, ...], Settings]]:
    """The pages on 127.0.0.1, a host name for each set, listed in a sitemap; and settings that reach them."""
    pages = {f"{_host(page)}/{page.page_id}.html": page.body for page in saved_pages(folder, limit)}
    hosts = sorted({key.split("/")[0] for key in pages})
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(pages, hosts))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"127.0.0.1:{server.server_port}"
    with tempfile.TemporaryDirectory() as data:
        settings = Settings(data_dir=Path(data), allow_loopback=True, connect_to=dict.fromkeys(hosts, address))
        try:
            yield tuple(_source(host) for host in hosts), settings
        finally:
            server.shutdown()


def _host(page: SavedPage) -> str:
    return f"{page.set_name.replace('_', '-')}.bench.test"


def _source(host: str) -> Source:
    name = host.split(".", maxsplit=1)[0]
    return Source(
        id=name,
        name=name,
        family=name,
        country="US",
        language="en",
        homepage=f"http://{host}/",
        sitemaps=(f"http://{host}/sitemap.xml",),
        delay_seconds=0,
    )


def _handler(pages: dict[str, bytes], hosts: list[str]) -> type[BaseHTTPRequestHandler]:
    sitemaps = {host: _sitemap(host, pages) for host in hosts}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host, path = self.headers["Host"].split(":")[0], urlsplit(self.path).path
            body = sitemaps.get(host) if path == "/sitemap.xml" else pages.get(host + path)
            if body is None:
                self._answer(404, b"", "")
                return
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            same = self.headers.get("If-None-Match") == etag
            self._answer(304 if same else 200, b"" if same else body, etag)

        def _answer(self, status: int, body: bytes, etag: str) -> None:
            self.send_response(status)
            kind = "application/xml" if self.path.endswith(".xml") else "text/html"
            for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), ("ETag", etag)):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Keep the console for the figures."""

    return Handler


def _sitemap(host: str, pages: dict[str, bytes]) -> bytes:
    urls = "".join(f"<url><loc>http://{key}</loc></url>" for key in sorted(pages) if key.startswith(f"{host}/"))
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


if __name__ == "__main__":
    main()
