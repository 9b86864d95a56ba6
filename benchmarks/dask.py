"""A backfill of saved pages on Dask workers beside one process and its children: the same state, what a worker brings.

    uv run --extra dask python -m benchmarks.dask --pages DIR [--limit 2000] [--workers 1,2] [--json]

The pages are written into one WARC file and taken over by the flow that takes over others' archives: no network. Where
the folder holds fewer than asked for, a second outlet of each host republishes the first ones: copies, as wires make
them, cleaned and coded again like any other page. Each figure is measured in a process of its own, with one child to a
worker; the plain pool has as many children and no cluster. More workers than cores measure the cost of the cluster. CPU
is that of all processes: on a machine busy with other things it tells more than seconds. Rows name the commit that read
them: commit nothing while it runs.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.corpus import SavedPage, require, saved_pages
from benchmarks.pipeline import _host, _source
from schemas.run import Run, Window
from schemas.settings import Settings

WINDOW = Window(date(1990, 1, 1), date(2030, 1, 1))
Figures = dict[str, float | str]


def main() -> None:
    """Measure, and print a table or JSON. Exit code 1 where the states differ."""
    arguments = _arguments()
    folder = require(arguments.pages, "--pages", "<set>/gold.jsonl and <set>/pages/<id>.html.gz")
    if arguments.phase:
        sys.stdout.write(json.dumps(_backfill(arguments.warc)) + "\n")
        return
    figures = _measure(folder, arguments.limit, [int(size) for size in arguments.workers.split(",")])
    if arguments.json:
        sys.stdout.write(json.dumps({"dask": figures}) + "\n")
    else:
        for name, value in figures.items():
            print(f"{name:<46} {value:>20}" if isinstance(value, str) else f"{name:<46} {value:>20,.2f}")
    if len({value for name, value in figures.items() if name.endswith("state hash")}) > 1:
        raise SystemExit("the states differ")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=Path, help="folder of page sets")
    parser.add_argument("--limit", type=int, default=2000, help="captures to take, from all sets in turns")
    parser.add_argument("--workers", default="1,2", help="sizes of the pool and of the cluster")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--phase", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--warc", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(folder: Path, limit: int, sizes: Sequence[int]) -> Figures:
    with tempfile.TemporaryDirectory() as kept:
        warc = Path(kept) / "pages.warc.gz"
        hosts = _write_warc(warc, folder, limit)
        (Path(kept) / "hosts.json").write_text(json.dumps(hosts), encoding="utf-8")
        figures: Figures = {}
        for runner in ("threads", "dask"):
            for workers in sizes:
                told = _in_process(warc, runner, workers, folder)
                name = f"{workers} Dask workers" if runner == "dask" else f"one process, {workers} children"
                figures |= {f"{name}: {what}": value for what, value in told.items()}
    return figures


def _in_process(warc: Path, runner: str, workers: int, folder: Path) -> Figures:
    command = [sys.executable, "-m", "benchmarks.dask", "--pages", str(folder), "--phase", "--warc", str(warc)]
    chosen = {"FIRSTDRAFT_TASK_RUNNER": runner, "FIRSTDRAFT_WORKERS": str(workers)}
    before = os.times()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, **chosen})
    after = os.times()
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    used = after.children_user + after.children_system - before.children_user - before.children_system
    figures["CPU seconds of all processes, start included"] = used
    print(runner, workers, json.dumps(figures), file=sys.stderr, flush=True)
    return figures


def _backfill(warc: Path) -> Figures:
    from flows.environment import prepare_embedded  # noqa: PLC0415 - the environment comes first

    hosts = json.loads((warc.parent / "hosts.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as data:
        settings = Settings(data_dir=Path(data), batch_size=25)
        prepare_embedded(settings.data_dir / "prefect")
        from flows.import_archive import import_archive  # noqa: PLC0415
        from schemas.backfill import Archives  # noqa: PLC0415
        from tasks.care.scan import scan_warcs  # noqa: PLC0415
        from tasks.warehouse.care.checks import state_hash  # noqa: PLC0415
        from tasks.warehouse.store.connect import open_reader  # noqa: PLC0415

        archives, sources = Archives((warc,)), tuple(_source(host) for host in hosts)
        index = scan_warcs.fn(archives, sources, settings)
        run = Run(archives.origin, WINDOW, datetime.now(UTC), "benchmark")
        began, cpu = time.perf_counter(), os.times()
        summary = import_archive(run, sources, archives, index, settings)
        seconds, after = time.perf_counter() - began, os.times()
        with open_reader(settings) as con:
            state = state_hash(con)
    return {
        "pages": summary.discovered,
        "seconds": seconds,
        "pages a second": summary.discovered / seconds,
        "CPU seconds of the flow's own process": after.user + after.system - cpu.user - cpu.system,
        "articles": summary.articles,
        "events": summary.events,
        "state hash": state[:16],
    }


def _told(folder: Path, limit: int) -> Iterator[tuple[SavedPage, str]]:
    """Each page with its host; from the second round on with the host of an outlet that republishes it."""
    given = 0
    for again in range(limit):
        before = given
        for page in saved_pages(folder, limit - given):
            given += 1
            yield page, f"again{again}-{_host(page)}" if again else _host(page)
        if given in (before, limit):
            return


def _write_warc(path: Path, folder: Path, limit: int) -> list[str]:
    """The pages as one WARC file; their hosts."""
    from io import BytesIO  # noqa: PLC0415

    from warcio.statusandheaders import StatusAndHeaders  # noqa: PLC0415
    from warcio.warcwriter import WARCWriter  # noqa: PLC0415

    hosts: set[str] = set()
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for page, host in _told(folder, limit):
            hosts.add(host)
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                f"http://{host}/{page.page_id}.html",
                "response",
                payload=BytesIO(page.body),
                http_headers=head,
                warc_headers_dict={"WARC-Date": "2024-05-01T00:00:00Z"},
            )
            writer.write_record(record)
    return sorted(hosts)


if __name__ == "__main__":
    main()
