"""How long the site of a large warehouse takes, and how heavy its pages are.

    uv run python -m benchmarks.sitebuild DIR [--events 100000] [--workers 2]

DIR is a data folder; a made-up warehouse (benchmarks/generate.py) is put there where it has none. The site is built
from nothing, and once more with nothing changed. CPU is that of this process and of those it started; wall time tells
as much about who else uses the machine.
"""

import argparse
import os
import time
from functools import partial
from pathlib import Path

from benchmarks.generate import generate
from schemas.settings import Settings
from tasks.site.build import build_site
from tasks.site.files.shelf import Options, Shelf
from tasks.text.copies.worddiff import differences
from tasks.warehouse.store.connect import open_reader
from tasks.warehouse.store.queries import fetch_rows


def main() -> None:
    """Build twice and say what it took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    settings = Settings(data_dir=arguments.folder)
    if not settings.warehouse_path.exists():
        generate(settings, arguments.events)
    for title in ("from nothing", "nothing changed"):
        told = build(settings, arguments.workers)
        print(f"{title}: {told}", flush=True)
    weigh(settings.site_dir)


def build(settings: Settings, workers: int) -> str:
    """One build, in words."""
    started, before = time.perf_counter(), sum(os.times()[:4])
    with open_reader(settings) as con:
        shelf = Shelf(partial(fetch_rows, con), differences)
        built = build_site(shelf, settings.site_dir, Options(workers=workers))
    cpu, wall = sum(os.times()[:4]) - before, time.perf_counter() - started
    return (
        f"{built.events:,} events, {built.pages:,} files, {built.written:,} written, {built.removed:,} removed; "
        f"{cpu:.1f} s CPU, {wall:.1f} s wall with {workers} workers"
    )


def weigh(site: Path) -> None:
    """The heaviest files of each kind, and what the front page loads."""
    sizes = {path.relative_to(site).as_posix(): path.stat().st_size for path in site.rglob("*") if path.is_file()}
    for title, wanted in (
        ("page", lambda path: path.endswith(".html")),
        ("event page", lambda path: path.startswith("event/")),
        ("data file", lambda path: path.startswith("data/events-")),
    ):
        heaviest = max(filter(wanted, sizes), key=lambda path: sizes[path], default="")
        print(f"heaviest {title}: {sizes.get(heaviest, 0) / 1000:.0f} kB ({heaviest})")
    for name in ("index.html", "events.html", "data/index.js", "data/outline.js"):
        print(f"{name}: {sizes[name] / 1000:.0f} kB")
    shared = sum(size for path, size in sizes.items() if path.startswith("static/") and path.endswith((".js", ".css")))
    print(f"scripts and sheets all pages share: {shared / 1000:.0f} kB; all: {sum(sizes.values()) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
