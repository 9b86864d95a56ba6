"""Scan: ask somebody's archive what it holds of the sources."""

import logging
from datetime import UTC, datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.backfill import Archives, ArchiveSurvey
from schemas.discovery import SourceProbe
from schemas.run import Run
from schemas.settings import Settings
from schemas.source import Source
from tasks.ledger.append import open_ledger
from tasks.pool.pool import documents_apart
from tasks.reference.machine.failures import ends_the_run, in_words
from tasks.web.fetching.session import web_for
from tasks.web.imports.cdx import survey_listing
from tasks.web.imports.owners import Owners, all_sources, surveyed
from tasks.web.imports.warc_index import WarcIndex
from tasks.web.imports.warcs import find_warcs, survey_file

log = logging.getLogger("firstdraft.scan")


@task(name="scan WARC files", cache_policy=NO_CACHE, persist_result=False)
def scan_warcs(archives: Archives, sources: tuple[Source, ...], settings: Settings) -> WarcIndex:
    """What the files hold of the sources; each file is streamed once, whatever the number of windows."""
    files, surveys = find_warcs(archives.warcs)
    owners, chosen = Owners(all_sources(sources, settings.sources_file)), frozenset(source.id for source in sources)
    log.info("%d WARC files", len(files), extra={"stage": "scan", "todo": len(files)})
    for file in files:
        survey = survey_file(file, owners, chosen)
        log.info(
            "%s: %d pages; %s", survey.name, len(survey.holdings), survey.told(), extra={"stage": "scan", "done": 1}
        )
        surveys.append(survey)
    index = WarcIndex(surveys)
    for problem in index.problems:
        log.warning("%s", problem)
    return index


@task(name="survey archive", task_run_name="survey archive {source.id}", cache_policy=NO_CACHE, persist_result=False)
def survey_archive(
    run: Run, source: Source, archives: Archives, index: WarcIndex | None, settings: Settings
) -> ArchiveSurvey:
    """What the archive holds of one source in the run's window, in batches."""
    log.info("asking for %s", source.id, extra={"stage": "discover", "todo": 1})
    if index is not None:
        window = None if archives.by_publication else run.window
        survey = index.survey(run, source, window, settings.batch_size, datetime.now(UTC))
    else:
        survey = _ask(run, source, archives.cdx or "", settings)
    log.info("%s: %d captures", source.id, len(survey.discovery), extra={"stage": "discover", "done": 1})
    return survey


def _ask(run: Run, source: Source, address: str, settings: Settings) -> ArchiveSurvey:
    """One source, come what may: the one place a fault of the listing's reader ends."""
    try:
        ledger = open_ledger(settings.ledger_dir, settings.ledger_bytes)
        owners = Owners(all_sources((source,), settings.sources_file))
        return survey_listing(
            web_for(run, settings, ledger.append, documents_apart(settings)), run, source, owners, address
        )
    except Exception as error:  # any listing may break its reader; the source is named as failed
        if ends_the_run(error):
            raise
        message = in_words(error)
        probe = SourceProbe(run.run_id, source.id, "cdx", address, datetime.now(UTC), None, 0, "failed", message)
        return surveyed(source, [], [probe], settings.batch_size)
