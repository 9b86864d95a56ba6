"""Who did it, to whom, with whose support: by the grammar of one sentence."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from tasks.events.roles import find_roles
from tasks.events.triggers import find_triggers

BY, TO, FOR = "initiator", "target", "supporter"


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("The rebels attacked the soldiers.", {(BY, "rebels"), (TO, "soldiers")}),
        ("Nine soldiers were killed by the militants.", {(BY, "militants"), (TO, "soldiers")}),
        ("The shelling of villagers by the army went on.", {(BY, "army"), (TO, "villagers")}),
        ("An attack by the militia on the police killed two.", {(BY, "militia"), (TO, "police")}),
        ("Clashes between the army and the rebels erupted.", {(BY, "army"), (TO, "rebels")}),
        ("The army clashed with the rebels.", {(BY, "army"), (TO, "rebels")}),
        (
            "The army, backed by foreign jets, attacked the rebels.",
            {(BY, "army"), (FOR, "foreign jets"), (TO, "rebels")},
        ),
        ("The police arrested ten activists.", {(BY, "police"), (TO, "activists")}),
        ("Two soldiers killed in raid.", {(TO, "soldiers")}),
        ("The rebels launched an assault against the soldiers.", {(BY, "rebels"), (TO, "soldiers")}),
        ("The gunmen who kidnapped the teachers fled.", {(BY, "gunmen"), (TO, "teachers")}),
        ("The militants stormed the post and killed nine guards.", {(BY, "militants"), (TO, "guards")}),
        ("The opposition accused the army of killing villagers.", {(BY, "army"), (TO, "villagers")}),
    ],
)
def test_a_sentence_gives_its_roles(text: str, roles: set[tuple[str, str]], parsed: Callable[[str], Doc]) -> None:
    doc = parsed(text)
    found = {
        (role.role.value, text[role.start : role.end])
        for trigger in find_triggers(doc)
        for role in find_roles(doc, trigger)
        if not role.loose
    }
    # Places, weapons and the events themselves are told apart later (participants): they may stand here too.
    assert roles <= found
    assert not {name for part, name in roles if part == BY} & {name for part, name in found if part == TO}


def test_a_pronoun_is_whoever_the_clause_above_is_about(parsed: Callable[[str], Doc]) -> None:
    text = "The rebels said that they attacked the base."
    doc = parsed(text)
    (trigger,) = find_triggers(doc)
    (role,) = [role for role in find_roles(doc, trigger) if role.role.value == BY]
    assert (text[role.start : role.end], role.rule) == ("rebels", "subject, pronoun")


def test_a_modifier_counts_only_where_it_names_an_actor(parsed: Callable[[str], Doc]) -> None:
    text = "The rebel attack killed nine soldiers."
    doc = parsed(text)
    loose = {text[r.start : r.end] for t in find_triggers(doc) for r in find_roles(doc, t) if r.loose}
    assert loose == {"rebel"}
