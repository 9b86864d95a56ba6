"""What a growing warehouse costs: a night's load, the file, ten reports, and resolution, at several sizes.

    uv run python -m benchmarks.warehouse --keep DIR [--sizes 0,100000,1000000,5000000]
        [--parts load,growth,views,resolve] [--nights 2] [--json]

Warehouses are made once under DIR/<size> (benchmarks/generate.py) and used again; each run adds its nights. A night
is 2,000 new articles with 3,000 mentions from 100 outlets, 1,400 pages found unchanged and 600 rejected ones: 4,000
links in 100 batches, each through the verb ``load`` (lock, transaction, ledger) as in the flow. The bare insert
writes the same rows with one Arrow INSERT a table into an empty warehouse: no keys checked, nothing compared, one
transaction. Memory: DuckDB's limit is the product's (half of the machine's); the peak of the process is printed.
"""

import argparse
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.generate import OUTLETS, PER_NIGHT, generate, outlet
from benchmarks.nights import Night, make_nights
from schemas.outcome import Outcome
from schemas.settings import Settings
from tasks.warehouse.store import rows as as_rows
from tasks.warehouse.store.connect import keep_open, open_reader, open_writer
from tasks.warehouse.store.queries import quoted
from tasks.warehouse.store.write import Row, arrow_rows

SIZES = (0, 100_000, 1_000_000, 5_000_000)
PARTS = ("load", "growth", "views", "resolve")
#: The reports of the list, with what an analyst would ask of those that list single rows.
REPORTS = {
    "daily_tolls": "FROM daily_tolls",
    "events_by_admin": "FROM events_by_admin",
    "events_by_type": "FROM events_by_type",
    "events_by_actor": "FROM events_by_actor",
    "actor_pairs": "FROM actor_pairs",
    "corroboration": "FROM corroboration",
    "source_health": "FROM source_health",
    "source_output": "FROM source_output",
    "coverage": "FROM coverage",
    "funnel": "FROM funnel",
}
Figures = dict[str, float]


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--keep", type=Path, required=True, help="folder of the made warehouses")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--nights", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    sizes, parts = [int(size) for size in arguments.sizes.split(",")], arguments.parts.split(",")
    figures = dict(_measured(arguments.keep, sizes, parts, arguments.nights))
    if arguments.json:
        sys.stdout.write(json.dumps({"warehouse": figures}) + "\n")
        return
    for name, value in figures.items():
        print(f"{name:<62} {value:>12,.3f}")


def _measured(keep: Path, sizes: Sequence[int], parts: Sequence[str], nights: int) -> Iterator[tuple[str, float]]:
    if "growth" in parts:
        yield from growth().items()
    for size in sizes:
        settings = made(keep, size)
        named: Callable[[Figures], Iterator[tuple[str, float]]] = lambda told, size=size: (  # type: ignore[misc] # noqa: E731
            (f"{size:,}: {name}", value) for name, value in told.items()
        )
        if "load" in parts:
            yield from named(night_load(settings, size, nights))
        if "views" in parts and size:
            yield from named(reports(settings))
        if "resolve" in parts and size:
            yield from named(resolution(settings, size))
    yield "peak memory, MiB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def made(keep: Path, size: int) -> Settings:
    """The settings of the warehouse of a size, made if it is not there; one of size 0 is always a new one."""
    if size == 0:
        settings = Settings(data_dir=Path(tempfile.mkdtemp(prefix="empty-", dir=keep)))
        with open_writer(settings):
            return settings
    settings = Settings(data_dir=keep / f"{size}")
    if not settings.warehouse_path.exists():
        generate(settings, size)
    return settings


def night_load(settings: Settings, size: int, nights: int) -> Figures:
    """The median of some nights: seconds and CPU to open the run, to load it, to close it; and the bare insert."""
    first = _next(settings, size)
    if not first:
        # The first night of all has no pages that were seen before, so what is measured is the second.
        for night in make_nights(0, PER_NIGHT):
            _one_night(settings, night)
        first = PER_NIGHT
    told = [_one_night(settings, night) | _bare(night) for night in make_nights(first, nights * PER_NIGHT)]
    figures = {name: statistics.median(each[name] for each in told) for name in told[0]}
    return figures | {
        "load / bare insert (CPU)": figures["load, CPU s"] / figures["bare insert, CPU s"],
        "file, MB": settings.warehouse_path.stat().st_size / 1e6,
    }


def _next(settings: Settings, size: int) -> int:
    """The number of the first article that is not there yet."""
    with open_writer(settings) as con:
        rows = con.execute("SELECT count(*) FROM runs").fetchall()
    return max(size, int(rows[0][0]) * PER_NIGHT)


def _one_night(settings: Settings, night: Night) -> Figures:
    from tasks.load import load, load_probes, open_run  # noqa: PLC0415 - importing Prefect is not what is measured
    from tasks.warehouse.runs import run_lifecycle  # noqa: PLC0415

    figures: Figures = {}
    sources = tuple(outlet(number) for number in range(OUTLETS))
    with keep_open(settings):
        with _timed(figures, "open the run"):
            open_run(night.run, sources, settings)
        for discovery in night.discoveries:
            load_probes(night.run, discovery, settings)
        with _timed(figures, "load"):
            for batch in night.batches:
                load(night.run, batch, settings)
        with _timed(figures, "close the run"), open_writer(settings) as con:
            run_lifecycle.finish(con, night.run)
    return figures


def _bare(night: Night) -> Figures:
    """The night's rows by one INSERT a table, from rows to a file."""
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        with open_writer(settings):
            pass
        rows = _rows(night)
        with _timed(figures, "bare insert"), open_writer(settings) as con:
            con.begin()
            for table, told in rows.items():
                con.register("given", arrow_rows(con, table, told))
                con.execute(f"INSERT INTO {quoted(table)} BY NAME FROM given")
                con.unregister("given")
            con.commit()
    return figures


def _rows(night: Night) -> dict[str, list[Row]]:
    run, items = night.run, [item for batch in night.batches for item in batch.items]
    mentions = [mention for item in items for mention in item.mentions]
    settled = [as_rows.settled_row(ended, 0) for batch in night.batches for ended in batch.settled]
    articles = [item.article for item in items]
    return {
        "fetches": [*settled, *(as_rows.article_fetch_row(a, 0, Outcome.STORED, None) for a in articles)],
        "contents": [as_rows.content_row(a) for a in articles],
        "articles": [as_rows.article_row(a, run.run_id, run.started_at) for a in articles],
        "article_versions": [as_rows.version_row(a, run.run_id) for a in articles],
        "captures": [as_rows.capture_row(a.page.capture, a.page.fetch, a.version_id) for a in articles],
        "mentions": [as_rows.mention_row(mention, run.run_id) for mention in mentions],
        "mention_actors": [row for mention in mentions for row in as_rows.actor_rows(mention)],
        "mention_claims": [row for mention in mentions for row in as_rows.claim_rows(mention)],
        "mention_evidence": [row for mention in mentions for row in as_rows.evidence_rows(mention)],
    }


def growth(nights: int = 100, size: int = 40) -> Figures:
    """How large the file is after many small nights, and after the same articles in one run; each ends as runs end."""
    from tasks.warehouse.publish.snapshot import publish  # noqa: PLC0415

    sizes = []
    for each in (size, nights * size):
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(data_dir=Path(folder))
            for night in make_nights(0, nights * size, each, outlets=2):
                _one_night(settings, night)
                publish(settings)
            sizes.append(settings.warehouse_path.stat().st_size)
    return {
        f"file after {nights} nights of {size} articles, MB": sizes[0] / 1e6,
        "file after one run of the same, MB": sizes[1] / 1e6,
        "growth, nights / one run": sizes[0] / sizes[1],
    }


def reports(settings: Settings) -> Figures:
    """Each report on the published snapshot, whole: the median of three, in seconds."""
    from tasks.warehouse.publish.snapshot import publish  # noqa: PLC0415

    figures: Figures = {}
    started = time.perf_counter()
    publish(settings)
    figures["publish, s"] = time.perf_counter() - started
    with open_reader(settings) as con:
        for name, sql in REPORTS.items():
            seconds = []
            for _ in range(3):
                started = time.perf_counter()
                rows = len(con.sql(sql).to_arrow_table())
                seconds.append(time.perf_counter() - started)
            figures[f"report {name}, s ({rows:,} rows)"] = statistics.median(seconds)
    return figures


def resolution(settings: Settings, size: int) -> Figures:
    """A night loaded, and then what resolving it takes."""
    from tasks.resolve import resolve  # noqa: PLC0415

    figures: Figures = {}
    (night,) = make_nights(_next(settings, size), PER_NIGHT)
    with keep_open(settings):
        _one_night(settings, night)
        with _timed(figures, "resolve a night"):
            resolve(night.run, settings)
    return figures


@contextmanager
def _timed(figures: Figures, what: str) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    figures[f"{what}, s"] = time.perf_counter() - wall
    figures[f"{what}, CPU s"] = time.process_time() - cpu


if __name__ == "__main__":
    main()
