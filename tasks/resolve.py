"""Resolve: mentions into events, once a run, over everything that stands."""

import logging

from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.run import Run
from schemas.settings import Settings
from tasks.events.identity import resolve_events
from tasks.text.fingerprint import group_stories
from tasks.warehouse.connect import open_writer, transaction
from tasks.warehouse.recall import signatures, stored_mentions
from tasks.warehouse.resolving import save_events, save_stories

log = logging.getLogger("firstdraft.resolve")


@task(name="resolve events", cache_policy=NO_CACHE, persist_result=False)
def resolve(run: Run, settings: Settings) -> dict[str, dict[str, int]]:
    """Group copies into stories and mentions into events; both in one transaction.

    Returns the rows by table and action.
    """
    log.info("resolving", extra={"stage": "resolve", "todo": 1})
    with open_writer(settings) as con, transaction(con):
        rows = {"stories": save_stories(con, group_stories(signatures(con)))}
        resolution = resolve_events(stored_mentions(con))
        rows |= save_events(con, run, resolution.events, resolution.links)
    log.info("%d events", len(resolution.events), extra={"stage": "resolve", "done": 1})
    return rows
