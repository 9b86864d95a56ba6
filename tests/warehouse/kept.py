"""Whole runs with everything that is kept of them: pages in the archive, lines in the ledger, rows in the warehouse."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from schemas.ledger import Ended, RunOpened, Surveyed
from schemas.mention import CodedArticle
from schemas.outcome import Batch
from schemas.run import Run
from schemas.settings import Settings
from schemas.source import Source
from tasks.ledger.append import ledger_for
from tasks.warehouse.care import replaying
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.runs import run_lifecycle
from tasks.warehouse.store.connect import hold_lock, open_writer, transaction
from tasks.web.archive.captures import Archive
from tasks.web.http.response import Response
from tests.warehouse.build import a_batch, a_discovery, a_run, a_source, an_article, coded, settled
from tests.warehouse.conftest import one_event
from tests.warehouse.made import save_events, save_stories


def an_answer(url: str, body: bytes, run: Run) -> Response:
    """A page as a server gave it."""
    return Response(
        url=url,
        final_url=url,
        status=200,
        phrase="OK",
        headers=(("Content-Type", "text/html"),),
        request_headers=(("Host", "north.test"),),
        body=body,
        raw=body,
        requested_at=run.started_at,
        address="192.0.2.1",
    )


def keep_page(archive: Archive, run: Run, source: Source, slug: str, batch: int = 0) -> CodedArticle:
    """A page kept and read."""
    article = an_article(
        run, source, slug, text=f"Gunmen killed 4 soldiers near Riverton on Monday, {slug} said. {run.run_id}"
    )
    answer = an_answer(article.canonical_url, article.text.encode(), run)
    return coded(replace(article, page=archive.keep(batch, article.page.fetch, answer)))


def keep_run(settings: Settings, number: int = 0, slugs: Sequence[str] = ("a", "b", "c")) -> Run:
    """One run of one source and two batches, from its first line in the ledger to its last."""
    run, source = a_run(number), a_source("north")
    with hold_lock(settings):
        ledger = ledger_for(settings)
        ledger.append(RunOpened(run, (source,)))
        with open_writer(settings) as con:
            run_lifecycle.begin(con, run, [source])
        batches: list[Batch[CodedArticle]] = []
        with Archive(settings.captures_dir, run, source.id, ledger.append) as archive:
            archive.keep_other("feed", an_answer("https://north.test/feed", b"<rss/>" * 20, run))
            for batch in range(2):
                gone = settled(run, source, f"gone-{batch}")
                ledger.append(Ended(batch, gone))
                pages = [keep_page(archive, run, source, f"{slug}-{batch}", batch) for slug in slugs]
                batches.append(a_batch(source, pages, [gone], number=batch))
        discovery = a_discovery(run, source, *batches)
        ledger.append(Surveyed(run.run_id, len(discovery), replace(discovery, batches=())))
        with open_writer(settings) as con:
            run_lifecycle.note_discovery(con, run, discovery)
            for loaded in batches:
                load_batch(con, run, loaded)
                ledger.append(replaying.loaded_batch(con, run.run_id, source.id, loaded.number))
            with transaction(con):
                save_stories(con, {})
                save_events(con, run, *one_event(con))
            run_lifecycle.finish(con, run)
            ledger.append(replaying.closed_run(con, run.run_id, replaying.state_hash_below(con, settings)))
        ledger.sync()
        publish(settings)
    return run


def warcs(settings: Settings) -> list[Path]:
    """The WARC files."""
    return sorted(settings.captures_dir.rglob("*.warc.gz"))
