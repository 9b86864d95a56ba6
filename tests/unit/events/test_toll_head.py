"""The learned head of tolls: it chooses among figures read, says how sure it is, and makes none up."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from schemas.mention import EventMention
from tasks.events.language.sentences import split_sentences
from tasks.events.toll_head import (
    TollsTold,
    own_probability,
    probability_in,
    toll_features,
    toll_model,
    with_probability,
)
from tasks.events.tolls.casualties import TollKind, find_tolls

Code = Callable[[str], tuple[EventMention, ...]]


def _told(text: str) -> TollsTold:
    sentences = split_sentences(text)
    return TollsTold(text, sentences, [find_tolls(text[s.start : s.end], s.start) for s in sentences])


def test_the_shipped_model_tells_own_figures_from_others() -> None:
    assert set(toll_model().classes) == {"own", "other"}


def test_a_total_of_the_year_is_less_likely_the_events_than_its_own_figure() -> None:
    told = _told(
        "A car bomb killed 14 people in a market on Monday, police said. "
        "So far this year 410 people have been killed in the province."
    )
    own, total = told.of_kind(TollKind.KILLED)
    assert (own.best, total.best) == (14, 410)
    assert own_probability(told, own) > 2 * own_probability(told, total)


def test_kinds_it_has_not_learned_are_left_to_the_grammar() -> None:
    told = _told("Police arrested 40 students on Monday.")
    (arrest,) = told.of_kind(TollKind.DETAINED)
    assert own_probability(told, arrest) == 1.0


def test_who_was_hit_is_not_looked_at() -> None:
    sides = [_told(f"A blast killed 14 {who} on Monday.") for who in ("soldiers", "farmers")]
    seen = [toll_features(told, told.of_kind(TollKind.KILLED)[0]) for told in sides]
    soldiers, farmers = ([name for name in names if not name.startswith("after")] for names in seen)
    assert soldiers == farmers


def test_the_rule_of_a_toll_ends_with_the_heads_answer(code: Code) -> None:
    (mention,) = code("Gunmen killed four farmers in Ouallam on Thursday, police said.")
    (rule,) = [piece.rule for piece in mention.evidence if piece.field == "killed"]
    likely = probability_in(rule)
    assert likely is not None
    assert 0.0 < likely < 1.0
    assert rule.startswith("active:exact; own ")
    assert probability_in("active:exact; less the killed") is None


def test_the_outcome_of_people_only_shot_stays_open(code: Code) -> None:
    (shot,) = code("Three men were shot in Ouallam on Thursday, police said.")
    (died,) = code("Three men were shot in Ouallam on Thursday and one of them died, police said.")
    rules = [[p.rule for p in mention.evidence if p.field == "injured"] for mention in (shot, died)]
    assert (shot.injured.best, rules[0][0].split("; ")[-1]) == (3, "outcome open")
    assert (died.killed.best, died.injured.best, rules[1][0].split("; ")[-1]) == (1, 2, "less the killed")


@given(st.integers(1, 900), st.integers(1, 900))
def test_no_figure_is_made(one: int, other: int) -> None:
    told = _told(f"A blast killed {one} people on Monday. Police said {other} were killed.")
    for toll in told.of_kind(TollKind.KILLED):
        assert 0.0 <= own_probability(told, toll) <= 1.0
        assert with_probability(toll, 0.5) == f"{toll.rule}; own 0.50"
        assert toll.best in (one, other)
