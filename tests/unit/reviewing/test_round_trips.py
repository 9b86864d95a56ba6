"""Sheets and tasks of Label Studio, out and back: only changes are verdicts, and what no longer fits is named."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest

from schemas.errors import ReviewError
from schemas.mention import Actor, Evidence, Role
from schemas.review import ShownMention, Verdict
from tasks.reviewing.label_studio import config, read_tasks, tasks
from tasks.reviewing.sheet import Judged, Refused, read_sheet, sheet

TEXT = "=Gunmen killed 4 soldiers near Riverton on Monday, and 12 fled."


def piece(field: str, quote: str) -> Evidence:
    start = TEXT.index(quote)
    return Evidence(field, start, start + len(quote), quote, "said")


NONE = dict.fromkeys(
    (
        "date_start", "date_end", "date_precision", "place_id", "admin1", "admin2", "country", "latitude", "longitude",
        "place_precision",
        *(f"{toll}_{end}" for toll in ("injured", "detained", "displaced") for end in ("low", "best", "high")),
    )
)  # fmt: skip
SHOWN = ShownMention(
    mention_id="men_1", article_id="art_1", version_id="ver_1", url="https://paper.test/1", title="Raid",
    published_day=date(2024, 5, 6), source_id="paper", sentence=TEXT, sentence_start=0, sentence_end=len(TEXT),
    context=TEXT, context_start=0, trigger="killed", trigger_start=8, trigger_end=14, confidence=0.4, coder="reader",
    coder_version="1",
    values=NONE | {
        "event_type": "Battles", "sub_event_type": "Armed clash", "status": "happened", "place_name": "Riverton",
        "killed_low": 4, "killed_best": 4, "killed_high": 4,
    },
    actors=(Actor(Role.INITIATOR, "Gunmen", None, None, "unidentified_armed", None),),
    evidence=(
        piece("trigger", "killed"), piece("killed", "4 soldiers"), piece("place", "Riverton"),
        piece("initiator", "Gunmen"),
    ),
)  # fmt: skip


def find(mention_id: str) -> ShownMention | None:
    return SHOWN if mention_id == "men_1" else None


def edited(**changes: str) -> list[Judged | Refused]:
    """The sheet of one mention with some cells changed, read back."""
    (row,) = csv.DictReader(io.StringIO(sheet([SHOWN])))
    out = io.StringIO()
    rows = csv.DictWriter(out, row)
    rows.writeheader()
    rows.writerow(row | changes)
    return list(read_sheet(out.getvalue(), find))


def test_a_sheet_that_nobody_touched_decides_nothing() -> None:
    assert edited() == []
    assert "'=Gunmen" in sheet([SHOWN]), "no spreadsheet runs it"


def test_changed_cells_are_corrections_and_a_verdict_is_one() -> None:
    found = edited(killed="5-6", verdict="accept", note="the ministry")
    assert [type(one) for one in found] == [Judged, Judged]
    correction, rest = found
    assert isinstance(correction, Judged)
    assert correction.what is not None
    assert correction.what.changes == {"killed_low": 5, "killed_best": 5, "killed_high": 6}
    assert (correction.verdict, correction.note) == (Verdict.CORRECT, "the ministry")
    assert isinstance(rest, Judged)
    assert (rest.verdict, rest.what) == (Verdict.ACCEPT, None)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"mention_id": "men_2", "verdict": "accept"}, "no mention has this id"),
        ({"read": "0", "verdict": "accept"}, "read again"),
        ({"verdict": "maybe"}, "maybe"),
        ({"killed": "many"}, "not a number of persons"),
        ({"killed": "5", "verdict": "reject"}, "at once"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_by_name(changes: dict[str, str], why: str) -> None:
    (refused,) = edited(**changes)
    assert isinstance(refused, Refused)
    assert refused.mention_id == changes.get("mention_id", "men_1")
    assert why in refused.why


def test_what_is_no_sheet_is_told() -> None:
    with pytest.raises(ReviewError, match="no review sheet"):
        list(read_sheet("a,b\n1,2\n", find))


def exported(change: Any = None) -> str:
    """The tasks as Label Studio gives them back: our prediction as somebody's annotation, changed as asked."""
    (task,) = json.loads(tasks([SHOWN]))
    result = json.loads(json.dumps(task["predictions"][0]["result"]))
    if change is not None:
        change(result)
    annotation = {"id": 7, "completed_by": {"email": "ada@desk.test"}, "was_cancelled": False, "result": result}
    return json.dumps([task | {"id": 1, "annotations": [annotation]}])


def read_words(field: str, words: str) -> str | None:
    digits = "".join(char for char in words if char.isdigit())
    return digits or None if field == "killed" else None


def decided(change: Any = None) -> list[tuple[Judged | Refused, str]]:
    return list(read_tasks(exported(change), find, read_words))


def test_spans_and_boxes_go_out_as_predictions() -> None:
    (task,) = json.loads(tasks([SHOWN]))
    (prediction,) = task["predictions"]
    regions = [part["value"] for part in prediction["result"] if part["type"] == "labels"]
    assert all(task["data"]["text"][one["start"] : one["end"]] == one["text"] for one in regions)
    assert [one["labels"] for one in regions] == [["type"], ["killed"], ["place"], ["initiators"]]
    names = {part.get("name") for part in ElementTree.fromstring(config()).iter()}
    assert {part["from_name"] for part in prediction["result"]} <= names


def test_an_annotation_like_our_prediction_decides_nothing() -> None:
    assert decided() == []


def test_other_words_marked_are_a_correction() -> None:
    def mark(result: list[dict[str, Any]]) -> None:
        start = TEXT.index("12")
        next(part for part in result if part["value"].get("labels") == ["killed"])["value"] |= {
            "start": start, "end": start + 2, "text": "12",
        }  # fmt: skip

    ((judged, who),) = decided(mark)
    assert isinstance(judged, Judged)
    assert judged.what is not None
    assert judged.what.changes["killed_best"] == 12
    assert who == "label studio ada@desk.test"


def test_a_box_written_in_is_a_correction_and_a_choice_a_verdict() -> None:
    def write(result: list[dict[str, Any]]) -> None:
        next(part for part in result if part["from_name"] == "killed")
        box = next(part for part in result if part["from_name"] == "killed" and part["type"] == "textarea")
        box["value"]["text"] = ["3"]
        result.append({"from_name": "verdict", "to_name": "text", "type": "choices", "value": {"choices": ["accept"]}})

    found = [one for one, _ in decided(write)]
    assert [one.verdict for one in found if isinstance(one, Judged)] == [Verdict.CORRECT, Verdict.ACCEPT]


def test_a_span_that_is_not_what_it_says_is_refused() -> None:
    def lie(result: list[dict[str, Any]]) -> None:
        next(part for part in result if part["value"].get("labels") == ["killed"])["value"]["text"] = "40 soldiers"

    ((refused, _),) = decided(lie)
    assert refused == Refused("men_1", "the span 15-25 does not hold '40 soldiers'")


def test_a_mention_read_again_since_is_refused() -> None:
    text = exported()
    later = replace(SHOWN, values={**SHOWN.values, "killed_best": 9})
    ((refused, _),) = list(read_tasks(text, lambda _: later, read_words))
    assert isinstance(refused, Refused)
    assert "read again" in refused.why


@pytest.mark.parametrize("text", ["", "{}", '[{"a": 1}]'])
def test_what_is_no_export_is_told(text: str) -> None:
    with pytest.raises(ReviewError):
        list(read_tasks(text, find, read_words))
