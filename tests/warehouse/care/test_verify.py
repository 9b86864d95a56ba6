"""Ledger, archive and warehouse against each other: whatever is cut, flipped, swapped or missing is named."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import duckdb
import pytest

from schemas.backfill import Archives
from schemas.change import Action as ChangeAction
from schemas.change import Change
from schemas.ledger import NOTES, RunOpened, Wrote
from schemas.settings import Settings
from schemas.verification import Finding, Verification
from tasks.care.verify import verify
from tasks.ledger.append import ledger_for
from tasks.ledger.lines import GENESIS, read_line, write_line
from tasks.warehouse.care.history import changes_of_reprocess, note_backfill
from tasks.warehouse.care.replaying import write_again
from tasks.warehouse.store.connect import BLOCK_SIZE, open_writer
from tasks.warehouse.store.write import table_specs
from tasks.web.archive.captures import Archive
from tests.warehouse.build import NOON, a_run, a_source
from tests.warehouse.kept import keep_page, keep_run, warcs


@pytest.fixture(scope="module")
def whole(template: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two runs, all kept."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("whole"))
    shutil.copyfile(template.warehouse_path, settings.warehouse_path)
    keep_run(settings, 0)
    keep_run(settings, 1, ("a", "d"))
    return settings


@pytest.fixture
def house(whole: Settings, tmp_path: Path) -> Settings:
    """A copy of one's own to damage."""
    shutil.copytree(whole.data_dir, tmp_path / "house")
    return Settings(data_dir=tmp_path / "house")


def words(found: Verification, *, damaged: bool = True) -> set[str]:
    return {finding.what for finding in found.findings if finding.damaged is damaged}


def the(found: Verification, what: str) -> Finding:
    return next(finding for finding in found.findings if finding.what == what)


def test_a_whole_house_is_whole(whole: Settings) -> None:
    found = verify(whole)
    assert (found.findings, found.whole) == ((), True)
    assert (found.runs, found.captures, found.batches, found.archive_files) == (2, 10, 4, 2)
    assert found.archive_bytes == sum(path.stat().st_size for path in warcs(whole))
    assert verify(whole, quick=True).whole


def test_verify_writes_nothing(house: Settings) -> None:
    def contents() -> dict[str, bytes]:
        files = (path for path in house.data_dir.rglob("*") if path.is_file() and path.suffix != ".lock")
        return {str(path): path.read_bytes() for path in files}

    before = contents()
    verify(house)
    assert contents() == before


def test_an_empty_folder_is_no_damage(tmp_path: Path) -> None:
    found = verify(Settings(data_dir=tmp_path))
    assert (found.whole, words(found, damaged=False)) == (True, {"empty"})


def test_a_changed_page_is_named_with_its_article(house: Settings) -> None:
    path = warcs(house)[0]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    found = the(verify(house), "changed")
    assert found.file == str(path.relative_to(house.captures_dir))
    assert found.capture_id
    assert found.url
    assert found.url.startswith("https://north.test/")
    assert "restore captures/" in found.repair
    assert verify(house, quick=True).whole, "quick reads no page"


def test_two_captures_swapped_are_both_named(house: Settings) -> None:
    first, second = warcs(house)
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)
    assert {"changed"} < words(verify(house)) or words(verify(house)) == {"changed", "bytes_unaccounted", "cut"}
    with duckdb.connect(str(house.warehouse_path)) as con:
        ids = [row[0] for row in con.execute("SELECT capture_id FROM captures ORDER BY 1 LIMIT 2").fetchall()]
        con.execute(
            "UPDATE captures SET warc_offset = (SELECT any_value(o.warc_offset) FROM captures o "
            "WHERE o.capture_id IN (?, ?) AND o.capture_id <> captures.capture_id) WHERE capture_id IN (?, ?)",
            [*ids, *ids],
        ).fetchall()
    differing = {f.capture_id for f in verify(house, quick=True).findings if f.what == "capture_differs"}
    assert differing == set(ids)


def test_files_that_are_missing_or_strange_are_named(house: Settings) -> None:
    warcs(house)[0].unlink()
    (house.captures_dir / "strange.warc.gz").write_bytes(b"?")
    assert words(verify(house, quick=True)) == {"file_missing", "file_unknown"}


def test_a_warehouse_that_lost_or_changed_rows_is_noticed(house: Settings) -> None:
    with duckdb.connect(str(house.warehouse_path)) as con:
        con.execute("DELETE FROM captures WHERE capture_id = (SELECT min(capture_id) FROM captures)").fetchall()
        con.execute("UPDATE fetches SET outcome = 'stored' WHERE outcome = 'rejected' AND batch = 1").fetchall()
        con.execute("UPDATE runs SET state = 'abandoned' WHERE run_id = ?", [a_run(1).run_id]).fetchall()
    assert words(verify(house)) == {"capture_missing", "batch_differs", "run_differs", "state_differs"}


def test_a_text_changed_behind_our_back_is_noticed(house: Settings) -> None:
    with duckdb.connect(str(house.warehouse_path)) as con:
        con.execute("UPDATE contents SET text = text || '.'").fetchall()
    assert words(verify(house)) == {"state_differs"}


def test_a_state_under_another_schema_is_not_compared_and_that_is_said(house: Settings) -> None:
    """A migration since the last run is no damage: a command that reads applies it too."""
    with duckdb.connect(str(house.warehouse_path)) as con:
        con.execute("DELETE FROM migrations WHERE number = (SELECT max(number) FROM migrations)").fetchall()
        con.execute("UPDATE table_keys SET last_columns = [] WHERE table_name = 'mentions'").fetchall()
    found = verify(house)
    assert (found.whole, words(found, damaged=False)) == (True, {"schema_differs"})


def test_a_warehouse_that_is_gone_or_older_is_noticed(house: Settings, template: Settings) -> None:
    house.warehouse_path.unlink()
    assert words(verify(house)) == {"missing"}
    shutil.copyfile(template.warehouse_path, house.warehouse_path)
    found = verify(house)
    assert {"capture_missing", "batch_missing", "run_differs"} <= words(found)
    assert "firstdraft rebuild" in the(found, "batch_missing").repair


def test_a_ledger_cut_at_the_end_of_a_line_is_noticed(house: Settings) -> None:
    path = house.ledger_dir / "000001.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    (house.ledger_dir / "head").unlink()  # even without the head that says how far it went
    path.write_bytes(b"".join(lines[:-4]))
    assert {"head_missing", "capture_unknown", "batch_unknown"} & words(verify(house))


def test_a_run_cut_off_is_told_and_is_no_damage(house: Settings) -> None:
    run, source = a_run(2), a_source("north")
    ledger = ledger_for(house)
    ledger.append(RunOpened(run, (source,)))
    with Archive(house.captures_dir, run, source.id, ledger.append) as archive:
        keep_page(archive, run, source, "x")
    with Archive(house.captures_dir, run, source.id) as archive:
        keep_page(archive, run, source, "y")
    found = verify(house)
    assert (found.whole, words(found)) == (True, set())
    assert words(found, damaged=False) == {"run_cut_off", "stray"}


#: Ledger and archive have quick tests of their own.
QUICK = ("warehouse.duckdb",)
PROOF = [pytest.mark.long, pytest.mark.proof]
ALL = ("warehouse.duckdb", "published.duckdb", "ledger/000001.jsonl", "ledger/head", "captures")


def _targets(house: Settings, names: tuple[str, ...]) -> Iterator[Path]:
    for name in names:
        yield from warcs(house)[:1] if name == "captures" else [house.data_dir / name]


def harmless(path: Path, at: int) -> bool:
    """Whether a byte of a database is in a block that nothing uses, or in the header that is not the current one."""
    if path.suffix != ".duckdb":
        return False
    headers = 3 * 4096
    if at < headers:
        return at >= 4096
    with duckdb.connect(str(path), read_only=True) as con:
        used = {number for (number,) in con.execute("SELECT block_id FROM pragma_metadata_info()").fetchall()}
        for (name,) in con.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall():
            asked = f"SELECT block_id, additional_block_ids FROM pragma_storage_info('{name}')"
            for number, more in con.execute(asked).fetchall():
                used |= {number, *(more or ())}
    return (at - headers) // BLOCK_SIZE not in used


@pytest.mark.parametrize(
    ("names", "flips"), [(QUICK, 1), pytest.param(ALL, 6, marks=PROOF), pytest.param(ALL, 40, marks=pytest.mark.long)]
)
def test_flipped_bits_are_noticed_everywhere(house: Settings, names: tuple[str, ...], flips: int) -> None:
    silent = []
    for path in _targets(house, names):
        data = path.read_bytes()
        for number in range(flips):
            flipped = bytearray(data)
            at = (2 * number + 1) * len(data) // (2 * flips)
            flipped[at] ^= 1 << (number % 8)
            path.write_bytes(flipped)
            if not verify(house).findings and not harmless(path, at):
                silent.append((path.name, at))
        path.write_bytes(data)
    assert silent == []


@pytest.mark.parametrize(
    ("names", "cuts"), [(QUICK, 1), pytest.param(ALL, 4, marks=PROOF), pytest.param(ALL, 15, marks=pytest.mark.long)]
)
def test_cuts_are_noticed_everywhere(house: Settings, names: tuple[str, ...], cuts: int) -> None:
    for path in _targets(house, names):
        data = path.read_bytes()
        for number in range(cuts):
            path.write_bytes(data[: (2 * number + 1) * len(data) // (2 * cuts)])
            assert not verify(house).whole, (path.name, number)
        path.write_bytes(data)


@pytest.mark.parametrize("places", [1, pytest.param(4, marks=PROOF), pytest.param(12, marks=pytest.mark.long)])
def test_a_damaged_write_ahead_log_is_noticed(house: Settings, tmp_path: Path, places: int) -> None:
    with open_writer(house) as con:
        con.execute("PRAGMA disable_checkpoint_on_shutdown")
        con.execute("CHECKPOINT").fetchall()
    base = house.warehouse_path.read_bytes()
    run = _run_left_in_the_log(house)
    log = house.warehouse_path.with_name(house.warehouse_path.name + ".wal")
    data = log.read_bytes()
    assert verify(house).whole
    for number in range(places):
        at = (2 * number + 1) * len(data) // (2 * places)
        flipped = bytearray(data)
        flipped[at] ^= 1 << (number % 8)
        for damaged in (data[:at], bytes(flipped))[:places]:
            house.warehouse_path.write_bytes(base)
            log.write_bytes(damaged)
            assert not verify(house).whole, (run, at)


def _run_left_in_the_log(house: Settings) -> str:
    """A run whose rows stand in the log only, as a kill leaves them."""
    import os  # noqa: PLC0415

    child = os.fork()
    if child == 0:
        from tasks.warehouse.store import connect  # noqa: PLC0415

        plain = connect._connect

        def without_checkpoints(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
            con = plain(path, read_only=read_only)
            con.execute("PRAGMA disable_checkpoint_on_shutdown")
            con.execute("SET wal_autocheckpoint = '1GB'")
            return con

        connect._connect = without_checkpoints
        try:
            from tests.warehouse import kept  # noqa: PLC0415

            setattr(kept, "publish", lambda settings: settings.published_path)  # noqa: B010 - a module's
            kept.keep_run(house, 2, ("a", "e"))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    return a_run(2).run_id


def test_notes_are_beside_the_state(writer: duckdb.DuckDBPyConnection) -> None:
    specs = table_specs(writer)
    assert all(specs[table].run_local for table in NOTES)


def test_notes_of_backfills_and_reprocesses_are_written_again(writer: duckdb.DuckDBPyConnection) -> None:
    archives = Archives((Path("/a.warc.gz"),))
    origin, row = archives.origin, note_backfill(writer, archives, NOON)
    change = Change("run_x", "article", "art_x", "title", ChangeAction.CHANGED, "Old", "New")
    before = writer.execute("FROM backfills").fetchall()
    writer.execute("DELETE FROM backfills").fetchall()
    for table, told in (("backfills", row), ("reprocess_changes", asdict(change))):
        line, _ = write_line(1, GENESIS, NOON, Wrote(table, (told,)))
        entry = read_line(line[:-1]).entry
        assert isinstance(entry, Wrote)
        write_again(writer, entry.table, entry.rows, removed=entry.removed)
    assert writer.execute("FROM backfills").fetchall() == before
    assert before[0][0] == origin
    assert changes_of_reprocess(writer, "run_x") == [change]


def test_what_people_wrote_is_written_again(writer: duckdb.DuckDBPyConnection) -> None:
    told: dict[str, object] = {
        "kind": "url",
        "value": "https://e.org/a",
        "reason": "asked",
        "suppressed_at": "2024-03-06T12:00:00Z",
    }
    write_again(writer, "suppressions", [told], removed=False)
    assert writer.execute("SELECT value, suppressed_at FROM suppressions").fetchall() == [("https://e.org/a", NOON)]
    write_again(writer, "suppressions", [told], removed=True)
    assert writer.execute("SELECT count(*) FROM suppressions").fetchall() == [(0,)]
