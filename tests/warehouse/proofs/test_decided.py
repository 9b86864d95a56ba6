"""What people decide: obeyed, there again after a rebuild, taken back without a trace, and safe to be killed at."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.settings import Settings
from tasks.ledger.past import last_run
from tasks.reference.machine.failpoints import Point
from tasks.warehouse.store.connect import open_reader
from tests.warehouse.proofs.client import PASSES, Nights, Reference, Step, copied, number_of, urls

#: What stands in the list of decisions, undone ones among them: it is history, and grows by each.
HISTORY = {"event_overrides"}
WHY = ("--reason", "as a test has it")


def rows(folder: Path, asked: str) -> list[tuple[Any, ...]]:
    """What the published snapshot answers."""
    with open_reader(Settings(data_dir=folder)) as con:
        return con.execute(asked).fetchall()


def two_events(folder: Path) -> list[str]:
    return [event_id for (event_id,) in rows(folder, "SELECT event_id FROM events ORDER BY 1 LIMIT 2")]


def reports(folder: Path) -> tuple[str, list[str]]:
    """An event with several reports, and these."""
    asked = """SELECT event_id, list_sort(list(mention_id)) FROM event_links GROUP BY 1 HAVING count(*) > 1
               ORDER BY count(*) DESC, 1 LIMIT 1"""
    ((event_id, mentions),) = rows(folder, asked)
    return event_id, mentions


def merge(folder: Path) -> list[str]:
    return ["events", "merge", *two_events(folder), *WHY]


def split(folder: Path) -> list[str]:
    event_id, mentions = reports(folder)
    return ["events", "split", event_id, mentions[0], *WHY]


def retract(folder: Path) -> list[str]:
    return ["events", "retract", two_events(folder)[0], *WHY]


def review(*verdict: str) -> Callable[[Path], list[str]]:
    return lambda folder: ["review", reports(folder)[1][0], *verdict, "--by", "ada"]


def suppress(folder: Path) -> list[str]:
    return ["suppress", urls(folder)[0], *WHY]


DECISIONS: dict[str, Callable[[Path], list[str]]] = {
    "merge": merge,
    "split": split,
    "retract": retract,
    "review --accept": review("--accept"),
    "review --reject": review("--reject"),
    "review --set killed": review("--set", "killed=77"),
    "review --set initiators": review("--set", "initiators=Islamic State"),
    "suppress": suppress,
}


def undoing(words: list[str], folder: Path) -> list[str]:
    """The command that takes a decision back."""
    if words[0] == "events":
        ((made,),) = rows(folder, "SELECT override_id FROM event_overrides WHERE NOT undone")
        return ["events", "undo", made]
    return ["review", words[1], "--undo"] if words[0] == "review" else ["suppress", words[1], "--lift"]


def told(nights: Nights, folder: Path, *steps: Step) -> list[dict[str, Any]]:
    """Steps in one process, each of which comes to its end; a command with exit code 0."""
    (answer,) = nights.ask([{"folder": str(folder), **step} for step in steps])
    assert [step.get("end") for step in answer.steps] == ["done"] * len(steps), answer.steps
    assert not [step for step in answer.steps if step.get("exit")], answer.steps
    return answer.steps


def saying(words: list[str]) -> Step:
    return {"do": "command", "words": words}


def world(step: dict[str, Any]) -> dict[str, str]:
    """The state of each table, but for the list of decisions."""
    return {name: state for name, state in step["tables"].items() if name not in HISTORY}


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_is_rebuilt_and_taken_back(
    nights: Nights, reference: Reference, tmp_path: Path, decision: str
) -> None:
    folder = copied(reference.folder, tmp_path / "house")
    words = DECISIONS[decision](folder)
    before, decided, checked = told(nights, folder, {"do": "look"}, saying(words), {"do": "verify"})
    assert world(decided) != world(before)
    assert checked["whole"], checked
    rebuilt, looked = told(nights, folder, {"do": "rebuild"}, {"do": "look"})
    assert (rebuilt["state"], rebuilt["findings"]) == (decided["state"], [])
    assert rebuilt["same"] in {True, None}
    assert looked["tables"] == decided["tables"]
    undone, again, rebuilt, checked = told(
        nights, folder, saying(undoing(words, folder)), saying(words), {"do": "rebuild"}, {"do": "verify"}
    )
    assert world(undone) == world(before)
    assert world(again) == world(decided)
    assert (rebuilt["state"], checked["whole"]) == (again["state"], True), checked


def test_an_erased_page_stays_erased_after_a_rebuild(nights: Nights, reference: Reference, tmp_path: Path) -> None:
    folder = copied(reference.folder, tmp_path / "house")
    (url, *_) = urls(reference.folder)
    steps: list[Step] = [{"do": "forget", "url": url}, {"do": "rebuild"}, {"do": "look"}, {"do": "verify"}]
    forgotten, rebuilt, looked, checked = told(nights, folder, *steps)
    assert (rebuilt["state"], rebuilt["same"], looked["tables"]) == (forgotten["state"], True, forgotten["tables"])
    assert checked["whole"], checked
    assert url not in urls(folder)


@pytest.mark.parametrize("which", PASSES)
@pytest.mark.parametrize("point", Point)
def test_killed_while_deciding_and_asked_again(
    nights: Nights,
    reference: Reference,
    tmp_path: Path,
    merged: tuple[dict[str, Any], list[str]],
    point: Point,
    which: str,
) -> None:
    """The decision stands or it does not, in warehouse and ledger alike; asked again it stands once."""
    done, words = merged
    number = number_of(which, done["passes"].get(point, 0))
    if number is None:
        return
    folder = copied(reference.folder, tmp_path / "house")
    assert nights.do("command", folder, words=words, fault=f"{point}:kill:{number}").killed
    copy = copied(folder, tmp_path / "copy")
    asked = (saying(words), {"do": "look"}, saying(["events", "overrides", "--json"]), {"do": "verify"})
    (answer,) = nights.ask([{"folder": str(folder), **step} for step in asked])
    again, looked, listed, checked = answer.steps
    assert again["end"] == "done" or "are one event already" in again["error"], again
    assert world(looked) == world(done)
    assert checked["whole"], checked
    assert len(json.loads(listed["said"])) == 1, "asked twice, decided once"
    # The other way on: nobody asks again, and the next night takes up what there is.
    night, rebuilt, checked = told(nights, copy, {"run": 1, "night": 0}, {"do": "rebuild"}, {"do": "verify"})
    assert (rebuilt["state"], rebuilt["same"], checked["whole"]) == (night["state"], True, True), checked


def test_a_decision_after_a_night_that_was_cut_off_loses_nothing_of_it(
    nights: Nights, reference: Reference, tmp_path: Path
) -> None:
    """The decision's command takes the night's pages up first; then all is as if the night had come to its end."""
    folder = copied(reference.folder, tmp_path / "house")
    words = merge(folder)
    never = copied(folder, tmp_path / "never")
    assert nights.night(folder, 1, fault=f"{Point.FETCH_BEFORE_SYNC}:kill:2").killed
    _, cut = last_run(folder / "ledger")
    assert cut is not None
    fetched = sorted(page.page.capture.capture_id for pages in cut.pages.values() for page in pages.values())
    assert fetched
    decided, checked = told(nights, folder, saying(words), {"do": "verify"})
    assert (decided["running"], checked["whole"]) == (0, True), checked
    assert last_run(folder / "ledger")[1] is None, "the night is told as given up, not as cut off"
    published = rows(folder, "SELECT capture_id FROM captures ORDER BY 1")
    assert set(fetched) <= {capture_id for (capture_id,) in published}, "readers have its pages at once"
    assert rows(folder, "SELECT count(*) FROM event_overrides") == [(1,)]
    night, looked = told(nights, folder, {"run": 2, "night": 1}, {"do": "look"})
    unharmed, rebuilt = told(nights, never, saying(words), {"run": 2, "night": 1})
    assert world(looked) == world(rebuilt), (night, unharmed)


@pytest.fixture(scope="session")
def merged(
    nights: Nights, reference: Reference, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], list[str]]:
    """Two events merged without a kill: what that told, and its words."""
    folder = copied(reference.folder, tmp_path_factory.mktemp("merged") / "house")
    words = merge(folder)
    (done,) = told(nights, folder, saying(words))
    assert re.search(r"ovr_[0-9a-f]{20}", done["said"])
    return done, words
