"""The past as the warehouse knows it: windows done, the usual pace of sources, and what a reprocess changed."""

import json
import re
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from schemas.backfill import Archives, DoneWindow
from schemas.change import Action, Change
from schemas.errors import UnknownIdError
from schemas.run import Run, Window
from schemas.settings import Settings
from tasks.warehouse.store.connect import transaction
from tasks.warehouse.store.queries import fetch_rows
from tasks.warehouse.store.write import upsert

#: What a thing is made of that is no field of it: ids, places in the text, and who wrote the row when.
_NOT_FIELDS = {
    "article_id", "version_id", "mention_id", "event_id", "anchor_mention_id", "source_id", "canonical_url", "sentence",
    "sentence_start", "sentence_end", "trigger_start", "trigger_end", "coder", "coder_version", "coded_run_id",
    "created_at", "created_run_id", "changed_at", "changed_run_id",
}  # fmt: skip
#: Characters on each side of the first difference of two long values.
_AROUND = 100
_ROWS_AT_ONCE = 10_000


def note_backfill(con: duckdb.DuckDBPyConnection, archives: Archives, started_at: datetime) -> dict[str, object]:
    """Keep what the origin of some runs stands for; the row."""
    kind = "cdx" if archives.cdx else "warc" if archives.warcs else "site"
    paths = [archives.cdx] if archives.cdx else sorted(str(path.resolve()) for path in archives.warcs)
    archive = {"origin": archives.origin, "kind": kind, "places": paths}
    row: dict[str, object] = archive | {"dated_by": str(archives.dated_by), "started_at": started_at}
    upsert(con, "backfills", [row])
    return row


def windows_done(con: duckdb.DuckDBPyConnection, origin: str, source_ids: Sequence[str]) -> list[DoneWindow]:
    """The windows that earlier runs of an origin finished, for each source that they reached."""
    rows = fetch_rows(con, "finished_windows", {"origin": origin, "source_ids": list(source_ids)})
    return [DoneWindow(r["source_id"], Window(r["window_start"], r["window_end"]), r["begun"]) for r in rows]


def usual_pace(con: duckdb.DuckDBPyConnection, source_ids: Sequence[str]) -> dict[str, float]:
    """Articles a day, for the sources of which dated articles are stored."""
    rows = fetch_rows(con, "usual_pace", {"source_ids": list(source_ids)})
    return {row["source_id"]: float(row["pace"]) for row in rows}


def readers_up_to(con: duckdb.DuckDBPyConnection, wanted: str) -> tuple[str, ...]:
    """The readers named ``<name>=<version>`` whose version is that or older, in the same form.

    Raises :class:`UnknownIdError` for another form and for a name that read nothing.
    """
    stored = [(row["name"], row["version"]) for row in fetch_rows(con, "readers")]
    name, sign, newest = wanted.partition("=")
    if not sign or name not in {reader for reader, _ in stored}:
        names = ", ".join(sorted(f"{reader}={version}" for reader, version in stored)) or "none"
        raise UnknownIdError(f"{wanted!r} is not a reader: give <name>=<version>; stored pages were read by {names}")
    return tuple(f"{n}={v}" for n, v in stored if n == name and version_key(v) <= version_key(newest))


def is_coder(con: duckdb.DuckDBPyConnection, readers: Collection[str]) -> bool:
    """Return True if readers are coders of mentions rather than of articles."""
    coders = con.execute("SELECT DISTINCT coder FROM mentions").fetchall()
    return bool({name for (name,) in coders} & {reader.partition("=")[0] for reader in readers})


def version_key(version: str) -> tuple[tuple[int, str], ...]:
    """A version as something that sorts: numbers as numbers, what is after a plus sign left out.

    >>> version_key("2.3.1") < version_key("2.10") and version_key("0.1.0") == version_key("0.1.0+g1a2b3c")
    True
    """
    parts = re.findall(r"\d+|[a-z]+", version.lower().partition("+")[0])
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


def keep_before(settings: Settings) -> None:
    """Copy the warehouse as it stands, for :func:`compare`. No connection to it may be open."""
    shutil.copyfile(settings.warehouse_path, before_path(settings))


def forget_before(settings: Settings) -> None:
    """Remove that copy."""
    before_path(settings).unlink(missing_ok=True)


def before_path(settings: Settings) -> Path:
    """Where the copy is."""
    return settings.warehouse_path.with_name("before_reprocess.duckdb")


def compare(con: duckdb.DuckDBPyConnection, run: Run, settings: Settings) -> int:
    """Write what the run changed to ``reprocess_changes``, against the copy; how many rows."""
    changes, count = _changes(con, run, settings), 0
    while some := list(islice(changes, _ROWS_AT_ONCE)):
        with transaction(con):
            upsert(con, "reprocess_changes", [asdict(change) | {"action": str(change.action)} for change in some])
        count += len(some)
    return count


def changes_of_reprocess(con: duckdb.DuckDBPyConnection, run_id: str) -> list[Change]:
    """What a reprocess changed, in order."""
    rows = fetch_rows(con, "reprocess_changes_of", {"run_id": run_id})
    return [Change(**row | {"action": Action(row["action"])}) for row in rows]


def _changes(con: duckdb.DuckDBPyConnection, run: Run, settings: Settings) -> Iterator[Change]:
    for subject in ("article", "outcome", "mention", "event"):
        with _before(con, settings):
            rows = fetch_rows(con, f"changed_{subject}s", {"run_id": run.run_id})
        for row in rows:
            yield from _outcome(run, row) if subject == "outcome" else _fields(run, subject, row)


@contextmanager
def _before(con: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[None]:
    path = str(before_path(settings)).replace("'", "''")
    con.execute(f"ATTACH '{path}' AS before (READ_ONLY)")
    try:
        yield
    finally:
        con.execute("DETACH before")


def _outcome(run: Run, row: Mapping[str, Any]) -> Iterator[Change]:
    yield Change(
        run.run_id, "outcome", row["subject_id"], "outcome", Action.CHANGED, row["old"], row["new"], row["source_id"],
        row["url"],
    )  # fmt: skip


def _fields(run: Run, subject: str, row: Mapping[str, Any]) -> Iterator[Change]:
    """A change of a whole thing, or one for each of its fields that differs."""
    old, new = (json.loads(row[side]) if row[side] else None for side in ("old", "new"))
    where = {"source_id": row["source_id"], "url": row["url"]}
    if old is None or new is None:
        action = Action.ADDED if old is None else Action.REMOVED
        successor = row.get("led_to")
        now = f"merged into {successor}" if successor else _summary(new)
        yield Change(run.run_id, subject, row["subject_id"], "", action, _summary(old), now, **where)
        return
    for name in sorted((old.keys() | new.keys()) - _NOT_FIELDS):
        if old.get(name) != new.get(name):
            was, now = _apart(_text(old.get(name)), _text(new.get(name)))
            yield Change(run.run_id, subject, row["subject_id"], name, Action.CHANGED, was, now, **where)


#: The fields that tell a person what was added or removed.
_TELLING = (
    "sub_event_type", "status", "date_start", "place_name", "killed_best", "injured_best", "actors", "sentence",
)  # fmt: skip


def _summary(values: Mapping[str, Any] | None) -> str | None:
    """A thing in one line."""
    if values is None:
        return None
    return "; ".join(f"{name} {_text(values[name])}" for name in _TELLING if values.get(name) not in (None, []))


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _apart(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Two values; of long ones the part around their first difference.

    >>> _apart("x" * 300 + "killed 4", "x" * 300 + "killed 5") == (f"…{'x' * 93}killed 4", f"…{'x' * 93}killed 5")
    True
    """
    if old is None or new is None or max(len(old), len(new)) <= 2 * _AROUND:
        return old, new
    pairs = enumerate(zip(old, new, strict=False))
    at = next((number for number, (a, b) in pairs if a != b), min(len(old), len(new)))
    return _around(old, at), _around(new, at)


def _around(text: str, at: int) -> str:
    start, stop = max(at - _AROUND, 0), at + _AROUND
    return ("…" if start else "") + text[start:stop] + ("…" if stop < len(text) else "")
