"""Whole runs through the verbs themselves, in processes of their own that may kill themselves at the n-th call.

``python -m tests.flows.keepable`` reads lines ``<folder> <run> <kill at>``, forks for each, and answers ``killed`` or
``<calls> <state hash> <requests>``. The verbs are called without Prefect's engine, in one thread, and over pages of a
client that needs no network, so that a call is the same call every time.
"""

import os
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from schemas.discovery import Discovery, SourceProbe
from schemas.fetch import Fetch
from schemas.link import FoundIn, Link
from schemas.mention import CodedArticle
from schemas.outcome import Batch, Refusal
from schemas.page import FetchedPage
from schemas.run import Run
from schemas.settings import Settings
from schemas.source import Source
from tasks import fetch as fetching
from tasks.events.mentions import code_article
from tasks.load import close_run, load, load_probes, open_run
from tasks.recover import recover
from tasks.resolve import resolve
from tasks.text.article import read_article
from tasks.warehouse.checks import state_hash
from tasks.warehouse.connect import hold_lock, open_writer
from tasks.web.archives import Archive, Damaged, read_body
from tasks.web.client import Client
from tasks.web.urls import canonical_url
from tests.warehouse.build import a_run, a_source
from tests.warehouse.kept import an_answer

#: Where a process may die: whatever keeps, takes down or loads.
WATCHED = ("/tasks/ledger/", "/tasks/web/archives.py", "/tasks/web/visit.py", "/tasks/load.py", "/tasks/recover.py",
           "/tasks/fetch.py", "/tasks/warehouse/loading.py", "/tasks/warehouse/running.py")  # fmt: skip
PAGE = """<html lang="en"><head><title>{title}</title><meta property="article:published_time" content="2024-03-05">
</head><body><article><h1>{title}</h1><p>DEIR EZ-ZOR, Syria (North Press) - Gunmen killed {killed} soldiers near the
town of Mayadin on Monday, a local official said on Tuesday.</p><p>{filler}</p></article></body></html>"""


class Death:
    """Counts calls into what is watched and ends the process at the one asked for, as a power cut would."""

    def __init__(self, kill_at: int) -> None:
        self.calls = 0
        self.kill_at = kill_at

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        name = frame.f_code.co_filename
        if event == "call" and any(part in name for part in WATCHED):
            self.calls += 1
            if self.calls == self.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)


def page(url: str) -> bytes:
    """A page that is the same whenever it is asked for."""
    number = int(url.rpartition("/")[2])
    filler = "The residents of the town spoke of heavy clashes through the night and of roads that were closed. " * 8
    return PAGE.format(title=f"Attack number {number} in the east", killed=number + 2, filler=filler).encode()


def served(folder: Path, run: Run) -> None:
    """Answer every request from here, and count it on disk, where a kill does not undo it."""

    def get(_: Client, url: str, **__: object) -> object:
        with (folder / "requests").open("a") as file:
            file.write(url + "\n")
        return an_answer(url, page(url), run)

    Client.get = get  # type: ignore[method-assign, assignment]


def discovered(run: Run, source: Source) -> Discovery:
    """Two batches of two links."""
    links = [
        Link(source.id, f"{source.homepage}{n}", f"{source.homepage}{n}", FoundIn.FEED, source.feeds[0].url)
        for n in range(4)
    ]
    batches = tuple(Batch(source.id, number, tuple(links[2 * number : 2 * number + 2])) for number in range(2))
    probe = SourceProbe(run.run_id, source.id, "feed", source.feeds[0].url, run.started_at, 200, 4, None)
    return Discovery(source, batches, (probe,))


def read(source: Source, batch: Batch[FetchedPage], settings: Settings) -> Batch[CodedArticle]:
    """Clean and extract, without the processes they work in."""
    coded = []
    for kept in batch.items:
        body = read_body(settings.captures_dir, kept.capture)
        if isinstance(body, Damaged):
            raise TypeError(body)
        article = read_article(kept, body, source, canonical_url)
        if isinstance(article, Refusal):
            raise TypeError(article)
        coded.append(CodedArticle(article, code_article(article, source.country)))
    return Batch(batch.source_id, batch.number, tuple(coded), batch.settled)


def one_run(settings: Settings, number: int) -> str:
    """The way of a run; the state hash at its end."""
    run, source = a_run(number, "backfill"), a_source("north")
    served(settings.data_dir, run)
    with hold_lock(settings):
        for left in recover.fn(settings):
            load.fn(left.run, read(left.source, left.batch, settings), settings)
        memory = open_run.fn(run, (source,), settings)
        discovery = discovered(run, source)
        load_probes.fn(run, discovery, settings)
        for batch in discovery.batches:
            pages = fetching.fetch.fn(run, source, batch, memory, settings)
            load.fn(run, read(source, pages, settings), settings)
        resolve.fn(run, settings)
        close_run.fn(run, (source,), settings)
        with open_writer(settings) as con:
            return state_hash(con)


def run_and_tell(folder: str, number: int, kill_at: int) -> None:
    """Run, die on the way where asked to, and else tell how many calls were made and the state reached."""
    death = Death(kill_at)
    sys.setprofile(death)
    settings = Settings(data_dir=Path(folder), retries=0, contact_email="a@b.test")
    state = one_run(settings, number)
    sys.setprofile(None)
    asked = len((Path(folder) / "requests").read_text().splitlines())
    sys.stdout.write(f"{death.calls} {state} {asked}\n")
    sys.stdout.flush()


def warm_up() -> None:
    """Load what takes seconds to load once, before the forks."""
    run, source = a_run(), a_source("north")
    link = discovered(run, source).batches[0].items[0]
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        with Archive(settings.captures_dir, run, source.id) as archive:
            fetched = Fetch(run.run_id, link, run.started_at)
            kept = archive.keep(0, fetched, an_answer(link.url, page(link.url), run))
        read(source, Batch(source.id, 0, (kept,)), settings)


def main() -> None:
    """Serve until the input ends."""
    warm_up()
    for line in sys.stdin:
        folder, number, kill_at = line.split()
        child = os.fork()
        if child == 0:
            run_and_tell(folder, int(number), int(kill_at))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            sys.stdout.write("killed\n" if os.WIFSIGNALED(status) else "failed\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
