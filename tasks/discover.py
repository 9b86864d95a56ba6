"""Discover: ask one source what it has."""

import logging
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
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.reference.machine.failures import ends_the_run, in_words
from tasks.web.discovery.survey import Survey
from tasks.web.fetching.session import web_for

log = logging.getLogger("firstdraft.discover")


@task(
    name="discover",
    task_run_name="discover {source.id}",
    cache_policy=NO_CACHE,
    persist_result=False,
)
def discover(run: Run, source: Source, memory: Memory, settings: Settings) -> Discovery:
    """What the source's feeds, sitemaps and sections offer, in batches, and how each of them answered.

    A source that is paused after long failure is not asked, unless ``settings.ask_paused``; it is named as paused.
    """
    paused = "" if settings.ask_paused else memory.pause_of(run, source.id)
    if paused:
        log.warning("%s: not asked, %s", source.id, paused)
        return Discovery(source, (), (), paused=paused)
    log.info("asking %s", source.id, extra={"stage": "discover", "todo": 1})
    failpoint(Point.DISCOVER_BEGUN)
    discovery = _survey(run, source, memory, settings)
    failpoint(Point.DISCOVER_DONE)
    for probe in discovery.probes:
        if probe.error:
            log.warning("%s %s: %s (%s)", probe.kind, probe.url, probe.error, probe.detail)
    links = sum(len(batch.items) for batch in discovery.batches)
    log.info("%s: %d links, %d to fetch", source.id, len(discovery), links, extra={"stage": "discover", "done": 1})
    return discovery


def _survey(run: Run, source: Source, memory: Memory, settings: Settings) -> Discovery:
    """One source, come what may: the one place a fault of a reader ends, for the other sources must go on."""
    try:
        ledger = ledger_for(settings)
        web = web_for(run, settings, ledger.append, documents_apart(settings))
        survey = Survey(web, run, source, memory)
        return survey.with_robots(survey.read())
    except Exception as error:  # any feed may break any reader; the source is named as failed
        if ends_the_run(error):
            raise
        message = in_words(error)
        probe = SourceProbe(
            run.run_id, source.id, "source", source.homepage, datetime.now(UTC), None, 0, "failed", message
        )
        return Discovery(source, (), (probe,))
