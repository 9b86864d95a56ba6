"""The trigger vocabulary: its cases, its seeds, and the cheap test before parsing."""

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from spacy.tokens import Doc

from schemas.errors import SeedError
from schemas.mention import EventMention, Status
from tasks.events.language import vocabulary
from tasks.events.prefilter import may_hold_trigger
from tasks.events.triggers import find_triggers
from tests.unit.events.conftest import CASES

_ROWS = list(csv.DictReader((CASES / "triggers.csv").open(encoding="utf-8")))
#: Ways of telling each of ACLED's sub-types.
_TOLD = list(csv.DictReader((CASES / "subtypes.csv").open(encoding="utf-8")))
Code = Callable[[str], tuple[EventMention, ...]]


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: row["text"][:50])
def test_a_case_gives_its_one_event(row: dict[str, str], code: Code) -> None:
    found = [(mention.sub_event_type, mention.status.value) for mention in code(row["text"])]
    assert found == [(row["sub_event_type"], row["status"])]


def test_the_cheap_test_never_misses_a_case() -> None:
    assert all(may_hold_trigger(row["text"]) for row in [*_ROWS, *_TOLD])


@pytest.mark.parametrize("row", _TOLD, ids=lambda row: row["text"][:50])
def test_a_sentence_tells_of_its_sub_type_alone(row: dict[str, str], code: Code) -> None:
    assert [m.sub_event_type for m in code(row["text"]) if m.status is Status.HAPPENED] == [row["sub_event_type"]]


def test_every_sub_type_is_told_in_three_ways() -> None:
    told = Counter(row["sub_event_type"] for row in _TOLD)
    assert {act.sub_event_type for act in vocabulary.acts().values()} == set(told)
    assert min(told.values()) >= 3


def test_every_sub_type_has_a_case_and_a_trigger_word() -> None:
    """``Other`` has no words of its own but one; all of ACLED's 25 are declared."""
    declared = {act.sub_event_type for act in vocabulary.acts().values()}
    assert len(declared) == 25
    untold = {"Mob violence", "Other"}
    assert declared - {row["sub_event_type"] for row in _ROWS} == untold


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The attack helicopter landed.", []),
        ("He had a heart attack on Monday.", []),
        ("Teachers went on a general strike on Monday.", ["general strike"]),
        ("The suicide car bombing killed two soldiers.", ["suicide car bombing", "killed"]),
        ("Gunmen opened fire on a bus.", ["opened"]),
        ("The company launched a campaign for its new phone.", []),
        ("The city seized on the idea.", []),
        ("The two wounded, a man and his nephew, went home.", []),
    ],
)
def test_words_are_triggers_only_in_their_context(text: str, words: list[str], parsed: Callable[[str], Doc]) -> None:
    assert [text[t.start : t.end] for t in find_triggers(parsed(text))] == words


def test_a_seed_that_names_an_unknown_act_or_list_is_refused() -> None:
    lists = {"people": frozenset({"man"})}
    with pytest.raises(SeedError, match="unknown act flood"):
        vocabulary._row({"act": "flood", "pos": "noun", "lemmas": ["flood"]}, lists, "entry 1")
    with pytest.raises(SeedError, match="entry 2: object: no list named @folk"):
        vocabulary._row({"act": "kill", "pos": "verb", "lemmas": ["kill"], "object": "@folk"}, lists, "entry 2")


def test_each_list_of_words_is_asked_for_by_a_rule_and_none_is_missing() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in Path(vocabulary.__file__).parents[1].rglob("*.py"))
    asked = set(re.findall(r'event_words\("(\w+)"', code)) | {"counts"}
    assert asked == set(vocabulary._event_words())
    assert all(vocabulary.event_words(name) for name in asked)
