"""Search: ask a finder what other sites have, and allot it to the outlets on whose sites it stands."""

import logging
from dataclasses import replace
from datetime import UTC, datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.discovery import Discovery, SourceProbe
from schemas.memory import Memory
from schemas.run import Run
from schemas.settings import Settings
from schemas.source import Source
from tasks.ledger.append import ledger_for
from tasks.pool.pool import documents_apart
from tasks.reference.machine.failures import ends_the_run, in_words
from tasks.reference.seeds.sources import load_sources
from tasks.web.discovery import allotment, searching
from tasks.web.discovery.allotment import Share
from tasks.web.discovery.searching import Found
from tasks.web.fetching.session import Web, web_for
from tasks.web.imports.ccnews import read_files
from tasks.web.readers.entries import Entry
from tasks.web.readers.stamps import read_stamp

log = logging.getLogger("firstdraft.search")


@task(name="search", task_run_name="search {finder.id}", cache_policy=NO_CACHE, persist_result=False)
def search(run: Run, finder: Source, memory: Memory, settings: Settings) -> Found:
    """What a finder names for the run's window, come what may: a fault of its own is told, and the others go on."""
    log.info("asking %s", finder.id, extra={"stage": "discover", "todo": 1})
    window = memory.window_for(run, finder.id, settings.catch_up_days)
    try:
        web = web_for(run, settings, ledger_for(settings).append, documents_apart(settings))
        found = searching.search(web, run, finder, window)
        if finder.reads_archive:
            found = _captures(web, run, found, settings)
    except Exception as error:
        if ends_the_run(error):
            raise
        at, told = datetime.now(UTC), ("failed", in_words(error))
        probe = SourceProbe(run.run_id, finder.id, "source", finder.homepage, at, None, 0, *told)
        found = Found(finder, window, (), (probe,))
    for probe in found.probes:
        if probe.error:
            log.warning("%s %s: %s (%s)", probe.kind, probe.url, probe.error, probe.detail)
    log.info("%s: %d pages", finder.id, len(found.entries), extra={"stage": "discover", "done": 1})
    return found


def _captures(web: Web, run: Run, files: Found, settings: Settings) -> Found:
    """The pages of an archive's files, which are what was found, in the files' place."""
    folder = settings.spool_dir / files.finder.id
    read = list(read_files(web, run, files.finder, [entry.url for entry in files.entries], files.window, folder))
    holdings = tuple(holding for _, some in read for holding in some)
    captured = [read_stamp(holding.archived_at.isoformat()) for holding in holdings]
    entries = [Entry(one.link.url, modified=stamp) for one, stamp in zip(holdings, captured, strict=True)]
    probes = (*files.probes, *(probe for probe, _ in read))
    return replace(files, entries=tuple(entries), probes=probes, holdings=holdings)


@task(name="allot", cache_policy=NO_CACHE, persist_result=False)
def allot(run: Run, found: list[Found], surveys: list[Discovery], settings: Settings) -> tuple[Share, ...]:
    """What each outlet gets of what was found; unreviewed outlets no more than their share of the run's pages."""
    shares = allotment.allot(run, found, surveys, load_sources(settings.sources_file), settings)
    for share in shares:
        if share.discovery.source.searches:
            log.info("%s: %s", share.discovery.source.id, share.discovery.probes[-1].detail)
    return shares
