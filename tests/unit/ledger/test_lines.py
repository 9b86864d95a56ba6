import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ledger import Abandoned, Entry, Repaired, Wrote
from tasks.ledger.lines import GENESIS, read_line, write_line
from tests.unit.ledger.build import a_captured, a_closed, a_loaded, a_run_opened, a_survey, an_ended

AT = datetime(2024, 3, 6, 12, tzinfo=UTC)
ENTRIES: list[Entry] = [
    a_run_opened(),
    a_survey(),
    a_captured(0),
    an_ended(1),
    a_loaded(),
    a_closed(),
    Abandoned("run_1", True, 3),
    Repaired(3, 0, "torn.bin", "torn"),
    Wrote("suppressions", ({"kind": "url", "value": "https://e.org/a", "reason": "asked"},)),
]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.kind)
def test_an_entry_comes_back_as_it_was(entry: Entry) -> None:
    raw, sha256 = write_line(7, GENESIS, AT, entry)
    line = read_line(raw[:-1])
    assert (line.seq, line.prev, line.sha256, line.kind, line.at) == (7, GENESIS, sha256, entry.kind, AT.isoformat())
    assert line.entry == entry


def test_ids_survive() -> None:
    opened, captured = a_run_opened(), a_captured(0)
    back = read_line(write_line(1, GENESIS, AT, opened)[0][:-1]).entry
    assert back == opened
    page = read_line(write_line(1, GENESIS, AT, captured)[0][:-1]).entry
    assert page == captured
    assert getattr(back, "run").run_id == opened.run.run_id  # noqa: B009 - an entry of some kind


@given(st.text(), st.text(alphabet=st.characters(categories=["Cs", "Cc", "Lu"])))
def test_any_words_make_one_line_that_reads_back(words: str, odd: str) -> None:
    raw, _ = write_line(1, GENESIS, AT, Repaired(0, 0, words, odd))
    assert raw.count(b"\n") == 1
    entry = read_line(raw[:-1]).entry
    # JSON joins a pair of surrogates to the character it stands for; one alone is no character.
    joined = [json.loads(json.dumps(text)) for text in (words, odd)]
    plain = [text.encode("utf-8", "replace").decode() for text in joined]
    assert isinstance(entry, Repaired)
    assert [entry.saved_as, entry.detail] == plain


def test_any_flipped_bit_of_a_line_is_noticed() -> None:
    raw, _ = write_line(12, "ab" * 32, AT, a_captured(0))
    for at in range(len(raw) - 1):
        flipped = bytearray(raw[:-1])
        flipped[at] ^= 1 << (at % 7)
        with pytest.raises(ValueError, match=r"hash|end"):
            read_line(bytes(flipped))


def test_an_entry_of_newer_code_is_named() -> None:
    raw, _ = write_line(1, GENESIS, AT, Abandoned("r", False, 0))
    line = read_line(raw[:-1])
    with pytest.raises(ValueError, match="does not know: later"):
        type(line)(1, line.prev, line.sha256, line.at, "later", line.body).entry  # noqa: B018
