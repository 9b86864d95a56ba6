"""Doctor: what an installation needs to work, looked at one by one; nothing is written.

The lock is taken only while the warehouse is read.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from schemas.errors import FirstdraftError, ServiceError, WarehouseDamagedError, WarehouseError
from schemas.health import Check, Level
from schemas.settings import Settings
from tasks.events.reader.folder import SHIPPED
from tasks.events.reader.installed import hash_of, model_in_use, told_of
from tasks.ledger.chain import since_last_end
from tasks.ledger.ends import read_head
from tasks.llm import client
from tasks.reference.machine.locks import held_by
from tasks.reference.seeds.sources import load_sources
from tasks.reference.seeds.version import code_version
from tasks.service.api import deployment
from tasks.service.instance import serving
from tasks.service.judgements import (
    UNSCHEDULED,
    damaged_ledger,
    judge_ledger,
    judge_lock,
    judge_runs,
    judge_schedule,
    judge_unread,
)
from tasks.service.machine import (
    check_clock,
    check_disk,
    check_permissions,
    check_settings,
    check_versions,
    names_given,
)
from tasks.service.secret import how_to_use, known_secret
from tasks.service.served import server_skews
from tasks.warehouse.publish.figures import figures_of, unread_counts
from tasks.warehouse.runs.clock import check_clock as refuse_clock
from tasks.warehouse.store.connect import REPUBLISH, hold_lock, open_reader, read_through
from tasks.warehouse.store.lock import lock_path
from tasks.warehouse.store.queries import fetch_rows


def examine(settings: Settings, now: datetime | None = None) -> Iterator[Check]:
    """Every check, one after the other; a check that cannot be made is one that failed."""
    now = now or datetime.now(UTC)
    looks: tuple[tuple[str, Callable[[], Check]], ...] = (
        ("versions", check_versions),
        ("settings", lambda: check_settings(names_given())),
        ("permissions", lambda: check_permissions(settings.data_dir)),
        ("disk", lambda: check_disk(settings.data_dir, _size(settings.warehouse_path))),
        ("clock", lambda: _clock(settings, now)),
        ("contact", lambda: _contact(settings)),
        ("sources", lambda: _sources(settings)),
        ("reader", lambda: _reader(settings)),
        *((("model", lambda: _model(settings)),) if settings.llm != "off" else ()),
        ("lock", lambda: _lock(settings)),
        ("warehouse", lambda: _warehouse(settings)),
        ("ledger", lambda: _ledger(settings)),
        ("last run", lambda: _last_run(settings, now)),
        ("unread pages", lambda: _unread(settings)),
        ("schedule", lambda: _schedule(settings, now)),
    )
    for name, look in looks:
        try:
            yield look()
        except (FirstdraftError, OSError, duckdb.Error) as error:
            yield Check(name, Level.FAILED, f"{type(error).__name__}: {error}", "mend what it names, then ask again")


def _clock(settings: Settings, now: datetime) -> Check:
    if not settings.published_path.exists():
        return check_clock(now, (), "")
    with open_reader(settings) as con:
        rows = [row["kept"] for row in fetch_rows(con, "newest_captures")]
        try:
            refuse_clock(con, now)
        except WarehouseError as error:
            return check_clock(now, (), str(error))
    return check_clock(now, server_skews(settings.captures_dir, rows), "")


def _contact(settings: Settings) -> Check:
    """Check that webmasters can tell who asks."""
    if settings.contact_url or settings.contact_email:
        return Check("contact", Level.OK, settings.user_agent)
    advice = "set FIRSTDRAFT_CONTACT_URL and FIRSTDRAFT_CONTACT_EMAIL in the environment or .env"
    return Check("contact", Level.WARNING, f"{settings.user_agent} names nobody: sites may block it", advice)


def _sources(settings: Settings) -> Check:
    sources = load_sources(settings.sources_file)
    enabled = sum(1 for source in sources if source.enabled)
    message = f"{enabled} of {len(sources)} sources are enabled"
    if enabled:
        return Check("sources", Level.OK, message)
    return Check(
        "sources", Level.FAILED, message, "enable one in seeds/sources/, or `firstdraft sources add URL --write`"
    )


def _reader(settings: Settings) -> Check:
    """Which model of the reader is in use: the shipped one, or one that was taught here."""
    folder = model_in_use(settings.reader_dir)
    shipped = hash_of(SHIPPED)
    if folder == SHIPPED:
        return Check("reader", Level.OK, f"the shipped model {shipped}")
    card = told_of(folder)
    summary = f"model {folder.name}, taught here on {card.get('learnt')} judged articles from {card.get('from')}"
    if card.get("shipped") == shipped:
        return Check("reader", Level.OK, summary)
    advice = "compare with `firstdraft teach --undo` and `firstdraft evaluate`; then teach again from the better one"
    return Check("reader", Level.WARNING, f"{summary}; another model is shipped since: {shipped}", advice)


def _model(settings: Settings) -> Check:
    """Check that a language model can be asked; it is not asked."""
    client.check(settings)
    message = f"{settings.llm_model} at {client.host_of(settings)}, {settings.llm} articles"
    return Check("model", Level.OK, f"{message}; at most {settings.llm_cost:g} a run")


def _lock(settings: Settings) -> Check:
    return judge_lock(held_by(lock_path(settings)))


def _warehouse(settings: Settings) -> Check:
    """Check that every row of the warehouse and its snapshot can be read. A large file is left to `verify`."""
    path, large = settings.warehouse_path, settings.state_hash_bytes
    if not path.exists():
        return Check("warehouse", Level.OK, f"there is none in {settings.data_dir} yet")
    if held_by(lock_path(settings)) is not None:
        return Check("warehouse", Level.OK, "a run is writing it: not read")
    if path.stat().st_size > large:
        return Check(
            "warehouse", Level.OK, f"larger than {large / 1e9:.1f} GB: not read here, `firstdraft verify` does"
        )
    try:
        with ExitStack() as stack:
            if lock_path(settings).exists():  # if no run ever made it, looking does not make it either
                stack.enter_context(hold_lock(settings.model_copy(update={"lock_wait_seconds": 0.0})))
            read_through(path)
        if settings.published_path.exists():
            read_through(settings.published_path, REPUBLISH)
    except WarehouseDamagedError as error:
        message, _, advice = str(error).partition("): ")
        return Check("warehouse", Level.FAILED, f"{message})", advice)
    return Check("warehouse", Level.OK, "every row of it and of its snapshot can be read")


def _ledger(settings: Settings) -> Check:
    """A run under way moves both ends, so it is not looked at then."""
    if held_by(lock_path(settings)) is not None:
        return Check("ledger", Level.OK, "a run is writing it")
    try:
        head, (last_end, behind) = read_head(settings.ledger_dir), since_last_end(settings.ledger_dir)
    except ValueError as error:
        return damaged_ledger(str(error))
    last = behind[-1] if behind else last_end
    ledger_end = (head.written.seq, head.written.sha256) if head else None
    return judge_ledger(ledger_end, (last.seq, last.sha256) if last else None, cut_off=bool(behind))


def _last_run(settings: Settings, now: datetime) -> Check:
    if not settings.published_path.exists():
        return Check(
            "last run", Level.WARNING, f"no run was published in {settings.data_dir} yet", "`firstdraft run` begins"
        )
    with open_reader(settings) as con:
        return judge_runs(figures_of(con, settings).runs, now)


def _unread(settings: Settings) -> Check:
    if not settings.published_path.exists():
        return judge_unread([])
    with open_reader(settings) as con:
        return judge_unread(unread_counts(con, code_version()))


def _schedule(settings: Settings, now: datetime) -> Check:
    who = serving(settings.data_dir)
    api = os.environ.get("PREFECT_API_URL") or (who.api if who else None)
    if api is None:
        return UNSCHEDULED
    secret = known_secret(settings.data_dir) if who and api.rstrip("/") == who.api else None
    try:
        schedule = deployment(api.rstrip("/"), "nightly", "nightly", secret)
        return judge_schedule(schedule, now, api, how_to_use(settings.data_dir) if secret else "")
    except ServiceError as error:
        return Check("schedule", Level.FAILED, str(error), f"is the server up? {UNSCHEDULED.advice}")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
