"""Forgetting: what hangs on a page is found, and every row of it deleted; hash, dates and reason stay."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import duckdb

from schemas.erasure import Erasable, ErasedCapture
from schemas.errors import UnknownIdError
from schemas.page import FetchedPage
from schemas.run import Run
from schemas.settings import Settings
from schemas.verification import Finding
from tasks.warehouse.care.history import before_path
from tasks.warehouse.decisions.suppressions import kind_of
from tasks.warehouse.store.queries import fetch_rows, quoted, rows_of
from tasks.warehouse.store.write import Row, insert_only, table_specs

#: Rows of these name what was erased, and are to go on doing so.
_KEPT = {"fetches", "erasures", "suppressions"}
#: By these resolution knows what it read last; it brings them in step with the mentions that are left.
_RESOLVED = {"stories", "resolved_mentions", "event_links"}
#: What reading a page makes: a rebuild makes it again, and of an erased page it does not. Rows of other tables that go
#: were written by people or models, and told to the ledger as such: so has to be that they are gone.
_READ = {"captures", "contents", "articles", "article_versions"}
_ID = re.compile(r"(cap|art)_[0-9a-f]{20}")
#: Characters of a paragraph by which a repetition of it is known.
_NEEDLE = 60


def is_id(text: str) -> bool:
    """Return True if some words are the id of a capture or an article rather than an address."""
    return _ID.fullmatch(text) is not None


def find_erasable(
    con: duckdb.DuckDBPyConnection, target: str, pages: Sequence[FetchedPage], settings: Settings
) -> Erasable:
    """All that goes with a capture, an article, or a canonical URL.

    Of a URL or an article: every capture, version and mention, and the address. Of a capture: the version read from it,
    and the other captures that gave the same. ``pages`` are the pages the ledger has of it, for what the warehouse does
    not know any more. Raises :class:`UnknownIdError` if nothing is held of it.
    """
    rows = fetch_rows(con, "erasable_captures", {"asked": target})
    stored_ids = {row["capture_id"] for row in rows}
    captures = [ErasedCapture(**row) for row in rows]
    captures += [_from_ledger(page) for page in pages if page.capture.capture_id not in stored_ids]
    captures = list({capture.capture_id: capture for capture in reversed(captures)}.values())
    if not captures:
        raise UnknownIdError(f"nothing is stored of {target!r}; `firstdraft suppress` forbids an address")
    ids = {"capture_ids": sorted(capture.capture_id for capture in captures)}
    texts = fetch_rows(con, "erasable_texts", ids)
    urls = () if target.startswith("cap_") else _urls(con, target, captures)
    titles = tuple(sorted({row["title"] for row in texts if row["title"]}))
    return Erasable(
        asked=target,
        captures=tuple(sorted(captures, key=lambda capture: capture.capture_id)),
        urls=urls,
        addresses=_addresses(con, ids, {*urls, *(capture.url for capture in captures)}, pages),
        titles=titles,
        needles=tuple(sorted({*titles, *(needle for row in texts for needle in _needles(row["text"]))})),
        events=tuple(row["event_id"] for row in fetch_rows(con, "erasable_events", ids)),
        copies=tuple(row["article_id"] for row in fetch_rows(con, "erasable_copies", ids)),
        files=tuple(path.name for path in stale_copies(settings)),
    )


def _from_ledger(page: FetchedPage) -> ErasedCapture:
    capture = page.capture
    return ErasedCapture(
        capture_id=capture.capture_id,
        source_id=page.fetch.link.source_id,
        url=capture.url,
        sha256=capture.sha256,
        byte_length=capture.byte_length,
        captured_at=capture.captured_at,
        article_id=None,
        version_id=None,
        content_sha256=None,
    )


def _urls(con: duckdb.DuckDBPyConnection, target: str, captures: Sequence[ErasedCapture]) -> tuple[str, ...]:
    """The addresses to be left alone from now on.

    If an article was asked for by its id, an address that tells another story by now is not among them.
    """
    articles = sorted({capture.article_id for capture in captures if capture.article_id})
    urls = {capture.url for capture in captures} | (set() if is_id(target) else {target})
    named = con.execute(
        "SELECT canonical_url FROM articles WHERE article_id IN (SELECT unnest(?::VARCHAR[]))", [articles]
    ).fetchall()
    urls |= {url for (url,) in named}
    if not is_id(target):
        return tuple(sorted(urls))
    others = con.execute(
        """SELECT canonical_url FROM articles WHERE canonical_url IN (SELECT unnest(?::VARCHAR[]))
           AND article_id NOT IN (SELECT unnest(?::VARCHAR[]))""",
        [sorted(urls), articles],
    ).fetchall()
    return tuple(sorted(urls - {url for (url,) in others}))


def _addresses(
    con: duckdb.DuckDBPyConnection, ids: dict[str, list[str]], urls: set[str], pages: Iterable[FetchedPage]
) -> tuple[str, ...]:
    """The addresses as they were offered and as they answered, beside their canonical form."""
    rows = con.execute(
        "SELECT url, final_url FROM fetches WHERE capture_id IN (SELECT unnest(?::VARCHAR[]))", [ids["capture_ids"]]
    ).fetchall()
    requested = [(page.fetch.link.url, page.fetch.final_url) for page in pages]
    return tuple(sorted(urls | {url for pair in (*rows, *requested) for url in pair if url}))


def _needles(text: str) -> list[str]:
    """The beginnings of its longer paragraphs."""
    return [line[:_NEEDLE] for line in text.split("\n") if len(line) >= _NEEDLE]


def stale_copies(settings: Settings) -> list[Path]:
    """Copies of what was erased: old warehouses (of rebuilds, of killed processes), what a killed one had sorted on
    disk, a model's replies in its cache.
    """
    path = settings.warehouse_path
    names = [f"{path.name}.bak-*", "rebuilding.duckdb*", f".{path.name}.*", f".{settings.published_path.name}.*"]
    names += [f"{name}.tmp/*" for name in (path.name, settings.published_path.name)]
    files = {file for name in names for file in path.parent.glob(name)} | {before_path(settings)}
    files |= set(settings.llm_cache_dir.rglob("*.json"))
    return sorted(file for file in files if file.is_file())


def erase_rows(
    con: duckdb.DuckDBPyConnection, run: Run, erasable: Erasable, reason: str, now: datetime
) -> dict[str, int]:
    """Delete every row that says what the captures said, in the caller's transaction; rows by table.

    What stays are their rows in ``fetches`` (without the headline), in ``erasures`` and in ``suppressions``. Events are
    as they were: they have to be resolved again.
    """
    _note_ids(con, erasable)
    deleted = {}
    for name, spec in table_specs(con).items():
        if name not in _KEPT | _RESOLVED and (which := _which(name, spec.columns)):
            deleted[name] = _delete(con, f"DELETE FROM {quoted(name)} WHERE {which}")  # noqa: S608 - quoted names
    deleted["contents"] = _delete(
        con, "DELETE FROM contents WHERE content_sha256 NOT IN (SELECT content_sha256 FROM article_versions)"
    )
    con.execute(
        """UPDATE articles SET current_version_id = k.version_id, changed_run_id = ? FROM (
               SELECT v.article_id, arg_max(v.version_id, (c.last_seen_at, c.capture_id)) AS version_id
               FROM article_versions v JOIN captures c ON c.version_id = v.version_id GROUP BY 1) k
           WHERE articles.article_id = k.article_id
               AND articles.current_version_id NOT IN (SELECT version_id FROM article_versions)""",
        [run.run_id],
    ).fetchall()
    con.execute("UPDATE fetches SET title_hint = NULL WHERE canonical_url IN (FROM firstdraft_urls)").fetchall()
    for name in ("erasures", "suppressions"):
        insert_only(con, name, kept_rows(run, erasable, reason, now)[name])
    return {name: count for name, count in sorted(deleted.items()) if count}


def kept_rows(run: Run, erasable: Erasable, reason: str, now: datetime) -> dict[str, list[Row]]:
    """What is kept of an erasure: a row a capture, and what must not come back."""
    stamps = {"reason": reason, "erased_at": now, "run_id": run.run_id}
    values = sorted({*erasable.urls, *(capture.sha256 for capture in erasable.captures)})
    return {
        "erasures": [asdict(capture) | stamps for capture in erasable.captures],
        "suppressions": [
            {"kind": kind_of(value).value, "value": value, "reason": reason, "suppressed_at": now} for value in values
        ],
    }


def accounts(con: duckdb.DuckDBPyConnection, erasable: Erasable) -> dict[str, list[Row]]:
    """The rows by which runs account for the erased pages, without headlines: what a rebuild cannot read again."""
    _note_ids(con, erasable)
    which = """capture_id IN (FROM firstdraft_captures) OR canonical_url IN (FROM firstdraft_urls)
        OR version_id IN (FROM firstdraft_versions)"""
    shown = "SELECT * REPLACE (NULL AS title_hint) FROM fetches"
    runs = f"SELECT run_id FROM fetches WHERE {which}"  # noqa: S608 - three temporary tables
    rows: dict[str, list[Row]] = {
        "fetches": [*rows_of(con, f"{shown} WHERE {which} ORDER BY fetch_id")],
        "run_sources": [*rows_of(con, f"FROM run_sources WHERE run_id IN ({runs}) ORDER BY run_id, source_id")],
        "runs": [*rows_of(con, f"FROM runs WHERE run_id IN ({runs}) ORDER BY run_id")],
    }
    return rows


def written_by_people(con: duckdb.DuckDBPyConnection, erasable: Erasable) -> dict[str, list[Row]]:
    """The keys of rows about the erased pages that no reading of pages made: reviews, what models said; by table."""
    _note_ids(con, erasable)
    keys_by_table: dict[str, list[Row]] = {}
    for name, spec in table_specs(con).items():
        made = name in _KEPT | _RESOLVED | _READ or name.startswith("mention")
        which = "" if made or name == "reprocess_changes" else _which(name, spec.columns)
        if which:
            keys = ", ".join(map(quoted, spec.key))
            keys_by_table[name] = [*rows_of(con, f"SELECT {keys} FROM {quoted(name)} WHERE {which} ORDER BY ALL")]  # noqa: S608
    return {name: rows for name, rows in keys_by_table.items() if rows}


def scrub_history(con: duckdb.DuckDBPyConnection, run: Run) -> int:
    """Empty the earlier states of the events that nothing but erased reports told of; that they were stays."""
    columns = con.execute(
        """SELECT column_name FROM duckdb_columns() WHERE table_name = 'events' AND is_nullable
           AND database_name = current_database() AND column_name <> 'event_id'"""
    ).fetchall()
    nothing = ", ".join(f"{quoted(column)} = NULL" for (column,) in columns)
    return _delete(
        con,
        f"""UPDATE event_history SET {nothing} WHERE event_id IN (
                SELECT event_id FROM event_history WHERE valid_to_run = ? AND ended_by = 'erased')""",  # noqa: S608
        [run.run_id],
    )


def _note_ids(con: duckdb.DuckDBPyConnection, erasable: Erasable) -> None:
    """The ids as temporary tables: of captures, versions, their mentions, articles of which nothing is left, URLs."""
    lists: dict[str, Collection[str]] = {
        "captures": erasable.capture_ids,
        "versions": {c.version_id for c in erasable.captures if c.version_id},
        "urls": {*erasable.urls, *(capture.url for capture in erasable.captures)},
    }
    for name, values in lists.items():
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE firstdraft_{name} AS SELECT unnest(?::VARCHAR[]) AS id", [sorted(values)]
        )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE firstdraft_mentions AS
               SELECT mention_id AS id FROM mentions WHERE version_id IN (FROM firstdraft_versions);
           CREATE OR REPLACE TEMP TABLE firstdraft_articles AS
               SELECT article_id AS id FROM article_versions GROUP BY 1
               HAVING bool_and(version_id IN (FROM firstdraft_versions))"""
    )


def _which(table: str, columns: Collection[str]) -> str:
    """The rows of a table that go; empty for a table that tells of no page."""
    tests = [
        f"{column} IN (FROM firstdraft_{name})"
        for column, name in (("mention_id", "mentions"), ("version_id", "versions"), ("capture_id", "captures"))
        if column in columns
    ]
    if "article_id" in columns:
        tests.append("article_id IN (FROM firstdraft_articles)")
    if table == "reprocess_changes":
        ids = " UNION ALL ".join(f"FROM firstdraft_{name}" for name in ("captures", "articles", "mentions"))
        tests.append(f"subject_id IN ({ids}) OR url IN (FROM firstdraft_urls)")
    return " OR ".join(tests)


def _delete(con: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> int:
    return int(con.execute(sql, list(parameters)).fetchall()[0][0])


def still_held(settings: Settings, capture_ids: Collection[str]) -> Iterator[Finding]:
    """The captures that the ledger says were erased and the warehouse has all the same: an erasure was cut off.

    Reads only; a warehouse that cannot be read is somebody else's finding.
    """
    if not capture_ids or not settings.warehouse_path.exists():
        return
    try:
        with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
            rows = con.execute(
                "SELECT capture_id, url FROM captures WHERE capture_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY 1",
                [sorted(capture_ids)],
            ).fetchall()
    except duckdb.Error:
        return
    for capture_id, url in rows:
        message = "its bytes were erased, and the warehouse still has what was read from them"
        repair = f"the erasure was cut off: `firstdraft forget {capture_id}` again"
        yield Finding("warehouse", "erasure_unfinished", message, repair, capture_id=capture_id, url=url)
