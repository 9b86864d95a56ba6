from pathlib import Path

from schemas.ledger import Abandoned, Entry, Lost, PastRun, RunOpened, Wrote
from schemas.verification import Finding
from tasks.ledger.append import Ledger
from tasks.ledger.ends import segments
from tasks.ledger.past import last_run, past_runs, stretches_of
from tests.unit.ledger.build import a_captured, a_closed, a_loaded, a_run, a_run_opened, a_survey, an_ended


def write(folder: Path, *entries: Entry) -> None:
    ledger = Ledger(folder, 1 << 20)
    for entry in entries:
        ledger.append(entry)
    ledger.close()


def test_runs_come_back_in_order_with_what_was_written_between(tmp_path: Path) -> None:
    wrote = Wrote("suppressions", ({"kind": "url"},))
    later = a_run(1)
    write(
        tmp_path,
        *(a_run_opened(), an_ended(7), a_survey(), a_captured(0), a_captured(1, 1), an_ended(2, 1), a_loaded()),
        *(a_closed(), wrote, RunOpened(later, ()), a_captured(3, run=later), Abandoned(later.run_id, True, 0)),
    )
    first, between, second = past_runs(tmp_path)
    assert isinstance(first, PastRun)
    assert isinstance(second, PastRun)
    assert (first.run, between, second.run) == (a_run(), wrote, later)
    assert (first.resolved, second.resolved, first.closed, second.abandoned is not None) == (
        True,
        True,
        a_closed(),
        True,
    )
    batch = first.batch_of("north", 0)
    assert (batch.items, batch.settled) == ((a_captured(0).page,), (an_ended(7).settled,))
    assert first.unloaded() == [("north", 1)]
    assert first.surveys == [a_survey()]
    assert list(first.loaded) == [("north", 0)]


def test_of_a_link_told_twice_the_last_counts(tmp_path: Path) -> None:
    write(tmp_path, a_run_opened(), a_captured(0), an_ended(0), an_ended(1), a_captured(1))
    (run,) = past_runs(tmp_path)
    assert isinstance(run, PastRun)
    batch = run.batch_of("north", 0)
    assert (batch.items, batch.settled) == ((a_captured(1).page,), (an_ended(0).settled,))


def test_the_run_that_was_cut_off_is_the_last_one_without_an_end(tmp_path: Path) -> None:
    assert last_run(tmp_path) == (None, None)
    write(tmp_path, a_run_opened(), a_closed())
    assert last_run(tmp_path) == (a_run().run_id, None)
    later = a_run(1)
    write(tmp_path, a_run_opened(1), a_captured(3, run=later))
    ended, run = last_run(tmp_path)
    assert ended == a_run().run_id
    assert run is not None
    assert (run.run, run.unloaded()) == (later, [("north", 0)])


def test_lost_pages_are_no_pages(tmp_path: Path) -> None:
    told = a_captured(0)
    lost = Lost(a_run().run_id, told.page.capture.capture_id, "https://north.test/0", told.stretch, "cut")
    write(tmp_path, a_run_opened(), told, a_captured(1), lost)
    (run,) = past_runs(tmp_path)
    _, last = last_run(tmp_path)
    for found in (run, last):
        assert isinstance(found, PastRun)
        assert found.batch_of("north", 0).items == (a_captured(1).page,)


def test_every_place_of_a_capture_is_found(tmp_path: Path) -> None:
    write(tmp_path, a_run_opened(), a_captured(0), a_captured(1), a_captured(0))
    capture_id = a_captured(0).page.capture.capture_id
    assert stretches_of(tmp_path, {capture_id}) == [(capture_id, a_captured(0).stretch)] * 2


def test_damage_is_told_on_the_way(tmp_path: Path) -> None:
    write(tmp_path, a_run_opened(), a_captured(0), a_captured(1), a_closed())
    path = segments(tmp_path)[0]
    data = bytearray(path.read_bytes())
    data[data.index(b"\n") + 300] ^= 1
    path.write_bytes(data)
    finding, run = past_runs(tmp_path)
    assert isinstance(finding, Finding)
    assert isinstance(run, PastRun)
    assert run.batch_of("north", 0).items == (a_captured(1).page,)
