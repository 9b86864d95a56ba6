"""Alert: tell people of new and changed events they asked to hear of, once each."""

import inspect
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from prefect import task
from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.cache_policies import NO_CACHE

from schemas.alert import Alert
from schemas.errors import FirstdraftError, SeedError
from schemas.settings import Settings
from tasks.reference.seeds.alerts import load_alerts
from tasks.site.pages import event_path
from tasks.site.wording.headlines import headline
from tasks.site.wording.words import days
from tasks.warehouse.publish.alerting import found_by, is_due, keep_told, last_run, read_told, untold
from tasks.warehouse.store.connect import open_reader

log = logging.getLogger("firstdraft.report")

#: Events in one message; of more it says how many.
_MOST = 30
#: The classes whose blocks `firstdraft notify` makes, by the names Prefect keeps them under.
_KINDS = ("slack-webhook", "custom-webhook")


@task(name="tell alerts", cache_policy=NO_CACHE, persist_result=False)
def tell_alerts(settings: Settings) -> dict[str, int]:
    """Tell whoever asked of what is new or changed since they were told last; how many events, by alert.

    An address that does not answer costs a warning: its events are told the next time.
    """
    return tell(settings, load_alerts())


def tell(settings: Settings, alerts: Sequence[Alert]) -> dict[str, int]:
    """The same outside a flow."""
    counts: dict[str, int] = {}
    now, folder = datetime.now(UTC), settings.alerts_dir
    with open_reader(settings) as con:
        run_id = last_run(con)
        for alert in alerts:
            told = read_told(folder, alert)
            if not is_due(alert, told, now):
                continue
            try:
                rows = found_by(con, alert)
            except SeedError as error:
                log.warning("%s", error, extra={"stage": "report"})
                continue
            fresh = untold(rows, told, run_id)
            if fresh and not _sent(alert, fresh, settings):
                continue
            keep_told(folder, alert, rows, now)
            counts[alert.name] = len(fresh)
    return counts


def _sent(alert: Alert, rows: Sequence[Mapping[str, Any]], settings: Settings) -> bool:
    """Send one message to each address of an alert; whether all took it."""
    subject, body = message(alert, rows, settings.site_url)
    taken = True
    for name in alert.to:
        try:
            _notify(name, subject, body)
        except Exception as error:  # noqa: BLE001 - the edge to other people's services, which raise what they like
            log.warning(
                "%s: %s could not be told: %s", alert.name, name, type(error).__name__, extra={"stage": "report"}
            )
            taken = False
    return taken


def message(alert: Alert, rows: Sequence[Mapping[str, Any]], site_url: str) -> tuple[str, str]:
    """Subject and body: each event with its headline, day, whether it is new, and where its page is."""
    base = site_url.rstrip("/") + "/" if site_url else ""
    lines = [_line(row, base) for row in rows[:_MOST]]
    if len(rows) > _MOST:
        lines.append(f"and {len(rows) - _MOST} more: {base}alerts/{alert.name}.atom")
    return f"firstdraft: {alert.about} ({len(rows)})", "\n\n".join(lines)


def _line(row: Mapping[str, Any], base: str) -> str:
    change = "new" if row["created_run_id"] == row["changed_run_id"] else "changed"
    when = days(row["date_start"], row["date_end"], row["date_precision"])
    return f"{headline(row)} ({when}, {change})\n{base}{event_path(row['event_id'])}"


def _notify(name: str, subject: str, body: str) -> None:
    """Hand a message to the block `firstdraft notify` keeps under a name. Raises :class:`FirstdraftError` for none."""
    for kind in _KINDS:
        try:
            block = Block.load(f"{kind}/firstdraft-{name}")
        except ValueError:
            continue
        sent = cast("NotificationBlock", block).notify(body, subject)
        if inspect.iscoroutine(sent):  # pragma: no cover - if a loop runs around us
            raise FirstdraftError(f"{name}: told from within a loop")
        return
    raise FirstdraftError(f"no address is called {name}: `firstdraft notify ADDRESS --name {name}` keeps one")
