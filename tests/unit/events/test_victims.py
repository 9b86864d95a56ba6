"""Tolls split by side and kind, from the words they were read from."""

from dataclasses import replace
from datetime import date

import pytest

from schemas.mention import Actor, EventMention, Evidence, Place, Role, Side, Status, Toll, Victims, When
from tasks.events.tolls.victims import victims_of
from tasks.reference.words.victim_words import victim_words

NOWHERE = Place(None, None, None, None, None, None, None, None, None, "not_said")
DAY = When(date(2024, 5, 3), date(2024, 5, 3), 1, None, "said")


def a_mention(
    text: str, words: str, best: int | None, high: int | None = 0, *actors: Actor, **more: object
) -> EventMention:
    """A mention whose toll of killed was read from ``words``; ``high`` 0 stands for ``best``."""
    start = text.index(words)
    mention = EventMention(
        article_id="art_1", version_id="ver_1", sentence_start=0, sentence_end=len(text), trigger_start=0,
        trigger_end=3,
        event_type="Explosions/Remote violence", sub_event_type="Air/drone strike", plover_type="ASSAULT",
        plover_mode=None, status=Status.HAPPENED, aggregate=False, when=DAY, place=NOWHERE, actors=actors, weapon=None,
        cause=None, killed=Toll(best, best, best if high == 0 else high), injured=Toll(), detained=Toll(),
        displaced=Toll(), claims=(), evidence=(Evidence("killed", start, start + len(words), words, "said"),),
        confidence=0.9, coder="reader", coder_version="1",
    )  # fmt: skip
    return replace(mention, **more)  # type: ignore[arg-type]


def told(parts: tuple[Victims, ...]) -> list[tuple[object, ...]]:
    return [(part.side, part.kind, part.subgroup, part.best) for part in parts]


def actor(role: Role, name: str, kind: str, country: str | None = None) -> Actor:
    return Actor(role, name, None, None, kind, country)


def test_children_and_women_are_counted_apart() -> None:
    text = "Five children and three women were killed in a strike on the town on Monday."
    parts = victims_of(text, a_mention(text, "Five children and three women were killed", 8))
    assert told(parts) == [(Side.TARGET, "civilian", "children", 5), (Side.TARGET, "civilian", "women", 3)]
    assert all(part.adds_up for part in parts)
    assert [text[part.start : part.end] for part in parts] == ["Five children", "three women"]


def test_soldiers_are_the_side_they_are_of_and_civilians_beside_them_are_not() -> None:
    text = "Militants hit a bus on Monday, killing 14 Syrian soldiers and two civilians."
    mention = a_mention(
        text, "killing 14 Syrian soldiers and two civilians", 16, 0,
        actor(Role.INITIATOR, "militants", "rebel"), actor(Role.TARGET, "Syrian army", "state_forces", "SY"),
    )  # fmt: skip
    assert told(victims_of(text, mention)) == [
        (Side.TARGET, "combatant", None, 14),
        (Side.OTHERS, "civilian", None, 2),
    ]


def test_dead_of_both_sides_of_a_clash_are_told_apart() -> None:
    text = "Nine fighters of the front and four soldiers were killed in the clash, with a woman."
    mention = a_mention(
        text, "Nine fighters of the front and four soldiers were killed", 13, 0,
        actor(Role.INITIATOR, "fighters of the front", "rebel"), actor(Role.TARGET, "army soldiers", "state_forces"),
        sub_event_type="Armed clash", event_type="Battles",
    )  # fmt: skip
    assert told(victims_of(text, mention)) == [
        (Side.INITIATOR, "combatant", None, 9),
        (Side.TARGET, "combatant", None, 4),
    ]


def test_what_somebody_is_member_of_is_nobody_more() -> None:
    text = "The raid killed nine rebels, four members of the Syrian National Army and a woman."
    words = "killed nine rebels, four members of the Syrian National Army and a woman"
    parts = victims_of(text, a_mention(text, words, 14))
    assert [(part.best, part.adds_up) for part in parts] == [(9, True), (4, True), (1, True)]


def test_some_said_to_be_among_others_are_not_added_to_them() -> None:
    text = "At least 20 people, including seven children, were killed when jets bombed the market."
    parts = victims_of(text, a_mention(text, "At least 20 people, including seven children, were killed", 20, None))
    assert told(parts) == [(Side.TARGET, "unknown", None, 20), (Side.TARGET, "civilian", "children", 7)]
    assert [part.within for part in parts] == [None, 0]
    assert (parts[0].high, parts[0].adds_up) == (None, True)


def test_parts_that_do_not_add_up_are_kept_and_flagged() -> None:
    text = "Gunmen killed 12 villagers, including 3 women and 10 children, on Sunday."
    parts = victims_of(text, a_mention(text, "killed 12 villagers, including 3 women and 10 children", 12))
    assert [part.best for part in parts] == [12, 3, 10]
    assert not any(part.adds_up for part in parts)


@pytest.mark.parametrize(
    ("words", "kind", "subgroup"),
    [
        ("killed three Palestinian journalists", "civilian", "press"),
        ("killed two nurses", "civilian", "medical"),
        ("killed four people", "unknown", None),
        ("killed four policemen", "combatant", None),
        ("killed two aid workers", "civilian", "aid"),
    ],
)
def test_a_noun_says_who_they_are(words: str, kind: str, subgroup: str | None) -> None:
    text = f"A strike {words} in the city on Tuesday."
    (part,) = victims_of(text, a_mention(text, words, {"three": 3, "two": 2, "four": 4}[words.split()[1]]))
    assert (part.kind, part.subgroup, part.adds_up) == (kind, subgroup, True)


def test_a_toll_without_a_figure_has_no_parts() -> None:
    text = "Soldiers were killed in the strike."
    assert victims_of(text, a_mention(text, "Soldiers were killed", None)) == ()


def test_every_word_of_the_seed_is_lower_case() -> None:
    assert all(noun == noun.lower() for noun in victim_words())


def test_members_of_an_armed_group_are_fighters() -> None:
    text = "A drone strike killed two members of the Tigray Defence Forces (TDF) on Monday."
    sides = (actor(Role.TARGET, "Tigray Defence Forces", "rebel"),)
    mention = a_mention(text, "killed two members of the Tigray Defence Forces", 2, 0, *sides)
    assert told(victims_of(text, mention)) == [(Side.TARGET, "combatant", None, 2)]
    unarmed = replace(mention, actors=(actor(Role.TARGET, "Tigray Defence Forces", "party"),))
    assert told(victims_of(text, unarmed)) == [(Side.TARGET, "unknown", None, 2)]


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        (
            "The dead are four militiamen and one NRF fighter.",
            [(Side.TARGET, "combatant", None, 4), (Side.INITIATOR, "combatant", None, 1)],
        ),
        ("The dead are four militiamen and two NRF fighters.", [(None, "unknown", None, 5)]),
        ("The wounded are four militiamen and one NRF fighter.", [(None, "unknown", None, 5)]),
    ],
)
def test_the_dead_are_told_apart_by_a_later_sentence_that_comes_to_the_toll(
    said: str, parts: list[tuple[object, ...]]
) -> None:
    text = f"Five people were killed in clashes between the National Resistance Front and a militia on Monday. {said}"
    mention = a_mention(
        text, "Five people were killed", 5, 0, actor(Role.INITIATOR, "National Resistance Front", "rebel"),
        actor(Role.TARGET, "militiamen", "political_militia"), sub_event_type="Armed clash",
    )  # fmt: skip
    assert told(victims_of(text, mention)) == parts
