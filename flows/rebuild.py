"""The warehouse made again from what was kept."""

from pathlib import Path
from typing import Any

from prefect import flow

from flows.pipeline import THREADS
from flows.steps import resolve
from schemas.ledger import NOTES, PastRun, Wrote
from schemas.settings import Settings
from schemas.verification import Finding, Rebuilt
from tasks.care.rebuild import (
    begin_rebuild,
    circumstances_of,
    end_rebuild,
    history,
    reclose,
    reload,
    reopen,
    write_again,
)
from tasks.clean import clean
from tasks.extract import extract
from tasks.warehouse.store.connect import hold_lock


@flow(name="rebuild", task_runner=THREADS)
def rebuild(into: Path | None = None) -> Rebuilt:
    """Make the warehouse again from captures and ledger alone, replaying every run in order.

    Args:
        into: A new file; without it the rebuilt warehouse takes the place of the old one, which is kept beside it.
    """
    return rebuild_from(Settings(), into)


@flow(name="rebuild from", task_runner=THREADS, validate_parameters=False)
def rebuild_from(settings: Settings, into: Path | None = None) -> Rebuilt:
    """The same for settings that are already at hand."""
    last: PastRun | None = None
    findings: list[Finding] = []
    with hold_lock(settings):
        fresh = begin_rebuild(settings, into)
        for past in history(settings):
            match past:
                case Finding():
                    findings.append(past)
                case Wrote():
                    write_again(past, fresh)
                    last = last if past.table in NOTES else None
                case PastRun():
                    coded: list[Any] = []
                    then = circumstances_of(past, fresh)
                    for source, batch in reopen(past, fresh):
                        articles: Any = clean.submit(source, batch, settings)
                        coded.append(extract.submit(source, articles, settings, then))
                    for done in coded:
                        findings += reload(past, done.result(), fresh)
                    if past.resolved:
                        resolve(past.run, fresh)
                    reclose(past, fresh)
                    last = past
        return end_rebuild(settings, fresh, into, last, findings)
