"""The machine's clock, held against what the warehouse knows: a wrong one would date every capture wrongly."""

from datetime import UTC, datetime, timedelta

import duckdb

from schemas.errors import WarehouseError

#: Network time steps a clock back by seconds, not by minutes.
_STEP = timedelta(minutes=5)
#: Code this old is not run any more; a clock that says so is wrong (a battery ran out, a date was typed in).
_WRITTEN = datetime(2025, 1, 1, tzinfo=UTC)
_LAST_YEAR = timedelta(days=20 * 366)


def check_clock(con: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """Refuse to begin a run before the end of the last one, or at an absurd time.

    Raises :class:`WarehouseError`, which says what to do.
    """
    advice = "set the clock (`timedatectl status` shows it), then run again; nothing was fetched"
    if not _WRITTEN <= now <= _WRITTEN + _LAST_YEAR:
        raise WarehouseError(f"this machine's clock says {now:%Y-%m-%d %H:%M} UTC; {advice}")
    ends = con.execute("SELECT max(finished_at), arg_max(run_id, finished_at) FROM runs").fetchall()
    last, run_id = ends[0]
    if last is not None and now < last - _STEP:
        times = f"{now:%Y-%m-%d %H:%M:%S} UTC, but {run_id} ended at {last:%Y-%m-%d %H:%M:%S}"
        raise WarehouseError(
            f"this machine's clock says {times}: it is wrong now, or it was then. If now: {advice}. If it went forward "
            f"then and was put back: wait until {last:%Y-%m-%d %H:%M} UTC, when runs begin again. Nothing "
            "is lost by it, for the next run reaches back; what was fetched then keeps that date"
        )
