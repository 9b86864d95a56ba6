"""The command: gold of one's own, and verdicts with their intervals."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from schemas.errors import GoldError
from schemas.review import Review, Verdict
from schemas.settings import Settings
from tasks.evaluation.verdicts import precision
from tasks.reviewing.fields import read_correction
from tasks.reviewing.judging import judge
from tasks.warehouse.decisions.reviews import save_review, shown_mention
from tasks.warehouse.store.connect import open_writer
from tasks.warehouse.store.queries import rows_of
from tests.warehouse.build import NOON, a_run
from tests.warehouse.conftest import fill

TEXT = "Gunmen killed 4 soldiers in Mayadin, eastern Syria, on Monday, a military source said."


def firstdraft(settings: Settings, *words: str) -> str:
    environment = {"FIRSTDRAFT_DATA_DIR": str(settings.data_dir), "FIRSTDRAFT_WORKERS": "0"}
    done = CliRunner().invoke(app, ["evaluate", *words], env=environment, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_gold_of_ones_own_is_scored(made: Settings, tmp_path: Path) -> None:
    event = {
        "type": ["Battles"], "sub_type": ["Armed clash"], "status": ["happened"],
        "date": [["2024-03-04", "2024-03-04"]], "place": ["Mayadin"], "country": ["Syria"],
        "initiators": ["gunmen"], "targets": ["soldiers"],
        "killed": [{"low": 4, "best": 4, "high": 4}], "injured": [{"low": None, "best": None, "high": None}],
    }  # fmt: skip
    gold = tmp_path / "own.jsonl"
    rows = [{"id": "a", "text": TEXT, "publication_date": "2024-03-05", "events": [event]}]
    gold.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    told = json.loads(firstdraft(made, str(gold), "--json"))
    assert (told["format"], told["documents"], told["failed"]) == ("articles", 1, 0)
    assert {told["figures"][m]["f"] for m in ("event", "date", "place", "killed")} == {100.0}
    assert "precision" in firstdraft(made, str(gold), "--format", "articles", "--limit", "1")


@pytest.mark.parametrize(
    ("form", "row", "measure"),
    [
        ("case2021", {"events": [{"type": "ARMED_CLASH"}]}, "weighted_f1"),
        ("event_location", {"events": [{"trigger": {"start": 7, "end": 13}, "locations": [{"text": "Mayadin"}]}]}, ""),
        (
            "tempeval3",
            {"events": [], "publication_date": "2024-03-05",
             "timexes": [{"type": "DATE", "start": 55, "end": 61, "text": "Monday", "day": "2024-03-04"}]},
            "day",
        ),
        ("single", {"events": [{"date": "2024-03-04", "killed": 4, "locations": ["Mayadin"]}]}, "killed_accuracy"),
    ],
)  # fmt: skip
def test_every_format_is_scored(
    made: Settings, tmp_path: Path, form: str, row: dict[str, object], measure: str
) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"id": "a", "text": TEXT} | row) + "\n", encoding="utf-8")
    told = json.loads(firstdraft(made, str(gold), "--format", form, "--json"))
    assert told["documents"] == 1
    assert measure in told["figures"] or not measure
    if measure:
        figure = told["figures"][measure]
        assert (figure if isinstance(figure, float) else figure["p"]) == 100.0


def test_what_is_no_gold_is_told(made: Settings, tmp_path: Path) -> None:
    with pytest.raises(GoldError):
        firstdraft(made, str(tmp_path / "none.jsonl"))


def test_verdicts_become_precision_with_its_interval(made: Settings) -> None:
    assert "firstdraft review" in firstdraft(made, "reviews")
    with open_writer(made) as con:
        fill(con, a_run())
        ids = [row["mention_id"] for row in rows_of(con, "SELECT mention_id FROM mentions ORDER BY 1")]
        first, second = (shown_mention(con, mention_id) for mention_id in ids)
        save_review(con, judge(first, Verdict.ACCEPT, None, "", "ada", NOON))
        save_review(con, judge(second, Verdict.CORRECT, read_correction("killed=9"), "", "ada", NOON))
    told = {row["field"]: row for row in json.loads(firstdraft(made, "reviews", "--json"))}
    assert (told["event"]["right"], told["event"]["judged"]) == (2, 2)
    assert (told["killed"]["right"], told["killed"]["judged"], told["killed"]["share"]) == (1, 2, 0.5)
    assert (told["place"]["right"], told["place"]["judged"]) == (1, 1), "nobody judged the other one's"
    assert (told["killed"]["low"], told["killed"]["high"]) == (0.095, 0.905)
    assert "50%" in firstdraft(made, "reviews")


def test_what_a_verdict_says_of_which_field(made: Settings) -> None:
    with open_writer(made) as con:
        fill(con, a_run())
        mention = shown_mention(con, min(r["mention_id"] for r in rows_of(con, "SELECT mention_id FROM mentions")))

    def of(*reviews: Review) -> dict[str, tuple[int, int]]:
        return {found.field: (found.right, found.judged) for found in precision(reviews)}

    rejected = judge(mention, Verdict.REJECT, None, "", "ada", NOON)
    accepted = judge(mention, Verdict.ACCEPT, None, "", "ada", NOON)
    killed = judge(mention, Verdict.CORRECT, read_correction("killed=9"), "", "ada", NOON)
    injured = judge(mention, Verdict.CORRECT, read_correction("injured=2"), "", "ada", NOON)
    assert of(rejected) == {"event": (0, 1)}
    assert of(killed) == {"event": (1, 1), "killed": (0, 1)}
    assert of(injured) == {"event": (1, 1)}, "it gave none: that is no wrong answer"
    both = of(accepted, killed)
    assert (both["killed"], both["date"], "injured" in both) == ((0, 1), (1, 1), False)
    assert of(judge(mention, Verdict.ACCEPT, "date", "", "ada", NOON)) == {"event": (1, 1), "date": (1, 1)}
