"""Publish the site: the read snapshot as pages, feeds and downloads."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import duckdb
from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.errors import SeedError
from schemas.settings import Settings
from tasks.reference.seeds.alerts import load_alerts
from tasks.site.build import build_site
from tasks.site.files.shelf import Options, Shelf
from tasks.text.copies.worddiff import differences
from tasks.warehouse.publish.alerting import found_by
from tasks.warehouse.store.connect import open_reader
from tasks.warehouse.store.queries import fetch_rows

log = logging.getLogger("firstdraft.report")


@task(name="publish the site", cache_policy=NO_CACHE, persist_result=False)
def publish_site(settings: Settings, exports: Sequence[str] = ()) -> str:
    """Bring ``data_dir/site`` up to the read snapshot; the path of its front page.

    Empty where ``settings.site`` is off and no site is there. One that is there is kept up all the same: what was
    erased or withdrawn must not stay on its pages.
    """
    if not settings.site and not settings.site_dir.exists():
        return ""
    return build(settings, [Path(path) for path in exports])


def build(settings: Settings, exports: Sequence[Path] = ()) -> str:
    """The same outside a flow."""
    options = Options(
        days=settings.site_days,
        base_url=settings.site_url,
        tiles=settings.site_tiles,
        tiles_credit=settings.site_tiles_credit,
        workers=settings.workers,
    )
    with open_reader(settings) as con:
        options = replace(options, alerts=_alerts(con))
        shelf = Shelf(partial(fetch_rows, con), differences, tuple(exports), settings.exports_dir)
        built = build_site(shelf, settings.site_dir, options, _Told().tell)
    log.info(
        f"site of {built.events} events: {built.pages} files, {built.written} written, {built.removed} removed",
        extra={"stage": "site"},
    )
    return str(built.folder / "index.html")


def _alerts(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, frozenset[str]]]:
    """What each alert is about, and the events it finds; one that cannot be asked has no feed, and is named."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for alert in load_alerts():
        try:
            found[alert.name] = alert.about, frozenset(str(row["event_id"]) for row in found_by(con, alert))
        except SeedError as error:
            log.warning("%s", error, extra={"stage": "report"})
    return found


class _Told:
    """Says how far the pages are, in records that bars are drawn from: what is new since the last one."""

    def __init__(self) -> None:
        self._done = 0

    def tell(self, done: int, todo: int) -> None:
        """So many of so many events."""
        more = {"todo": todo} if not self._done else {}
        log.info(f"pages of {done} of {todo} events", extra={"stage": "site", "done": done - self._done, **more})
        self._done = done
