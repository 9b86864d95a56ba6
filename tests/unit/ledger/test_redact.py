"""Words blanked in lines of the past: the chain holds, what was blanked is known, and nothing else may be changed."""

from dataclasses import replace
from pathlib import Path

import pytest

from schemas.ledger import Captured, Ended, Entry, Redacted, Wrote
from schemas.verification import Finding
from tasks.ledger.append import open_ledger
from tasks.ledger.chain import read_chain, since_last_end
from tasks.ledger.lines import Line
from tasks.ledger.past import past_runs
from tasks.ledger.redact import redact, write_blanked
from tests.unit.ledger.build import a_captured, a_run_opened, an_ended

HEADLINE = 'A "name" in a headline – كلمة'
URL = "https://north.test/1"
REPLY = {
    "run_id": "r",
    "version_id": "ver_1",
    "reply": "what a model said",
    "asked_at": "2024-03-05T12:00:00+00:00",
    "cost": 0.5,
}


def with_headline(slug: int) -> Captured:
    told = a_captured(slug)
    link = replace(told.page.fetch.link, title_hint=HEADLINE)
    return replace(told, page=replace(told.page, fetch=replace(told.page.fetch, link=link)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger with a headline three times, twice of one address, and what a model said of two pages."""
    ledger = open_ledger(tmp_path / "ledger", 1 << 20)
    ended = an_ended(1)
    link = replace(ended.settled.fetch.link, title_hint=HEADLINE)
    entries: list[Entry] = [
        a_run_opened(),
        with_headline(1),
        with_headline(2),
        Ended(0, replace(ended.settled, fetch=replace(ended.settled.fetch, link=link))),
        Wrote("llm_replies", (dict(REPLY), REPLY | {"version_id": "ver_2", "reply": "said of another"})),
    ]
    for entry in entries:
        ledger.append(entry)
    ledger.sync()
    return ledger.folder


def blank(folder: Path, reason: str = "an order") -> int:
    ledger = open_ledger(folder, 1 << 20)
    found = redact(folder, {URL}, {"llm_replies": [{"run_id": "r", "version_id": "ver_1"}]}, reason, ledger.append)
    ledger.sync()
    write_blanked(found)
    return len(found)


def text(folder: Path) -> str:
    return (folder / "000001.jsonl").read_text(encoding="utf-8")


def lines(folder: Path) -> list[Line]:
    found = list(read_chain(folder))
    assert not [line for line in found if isinstance(line, Finding)], found
    return [line for line in found if isinstance(line, Line)]


def test_what_is_asked_for_is_blanked_and_nothing_else(folder: Path) -> None:
    before = text(folder)
    assert blank(folder) == 3
    after = text(folder)
    assert after.count("in a headline") == before.count("in a headline") - 2 == 1
    assert "what a model said" not in after
    assert "said of another" in after
    assert len(after.encode()) > len(before.encode())
    assert [len(line) for line in after.splitlines()[:5]] != []
    assert after.encode()[: len(before.encode())].count(b"\n") == 5, "each line has the length it had"


def test_the_chain_holds_and_each_line_is_read_as_what_it_was(folder: Path) -> None:
    hashes = [line.sha256 for line in lines(folder)]
    blank(folder)
    found = lines(folder)
    assert [line.sha256 for line in found[:5]] == hashes
    assert [line.kind for line in found] == [
        "run_opened", "capture", "capture", "ending", "rows", "redacted", "redacted", "redacted",
    ]  # fmt: skip
    told = [line.entry for line in found]
    assert isinstance(told[1], Captured)
    assert set(told[1].page.fetch.link.title_hint or "") == {"-"}
    assert told[1].page.capture == with_headline(1).page.capture
    assert isinstance(told[4], Wrote)
    assert told[4].rows[0]["asked_at"] == REPLY["asked_at"]
    assert isinstance(told[5], Redacted)
    assert (told[5].seq, told[5].sha256, told[5].reason) == (2, hashes[1], "an order")
    assert [type(entry).__name__ for entry in past_runs(folder)] == ["Wrote", "PastRun"]
    assert since_last_end(folder)[1]


def test_blanking_again_changes_nothing(folder: Path) -> None:
    blank(folder)
    before = text(folder)
    assert blank(folder) == 0
    assert text(folder) == before


@pytest.mark.parametrize("change", [(b'"elapsed_ms":12', b'"elapsed_ms":13'), (b"-----", b"names")])
def test_a_blanked_line_may_not_be_changed_again(folder: Path, change: tuple[bytes, bytes]) -> None:
    blank(folder)
    path = folder / "000001.jsonl"
    data = path.read_bytes().splitlines(keepends=True)
    data[1] = data[1].replace(*change, 1)
    path.write_bytes(b"".join(data))
    assert {one.what for one in read_chain(folder) if isinstance(one, Finding)} == {"line_damaged"}


def test_a_line_nobody_vouches_for_is_damage(folder: Path) -> None:
    path = folder / "000001.jsonl"
    path.write_text(text(folder).replace("in a headline", "-------------"), encoding="utf-8")
    found = [one for one in read_chain(folder) if isinstance(one, Finding)]
    assert [one.what for one in found] == ["line_damaged"] * 3


def test_what_was_vouched_for_and_not_blanked_yet_is_whole(folder: Path) -> None:
    ledger = open_ledger(folder, 1 << 20)
    redact(folder, {URL}, {}, "killed before it could", ledger.append)
    assert len(lines(folder)) == 7
    assert blank(folder) == 3
