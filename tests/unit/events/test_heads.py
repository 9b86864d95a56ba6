"""The learned heads: parts of phrases outside of a trigger's clause, what is an event, how sure a field is."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from schemas.errors import SeedError
from schemas.mention import EventMention, Role, Toll
from tasks.events.confidence import with_confidence
from tasks.events.document import Document, read_document
from tasks.events.keeping import Judged, event_model, is_kept
from tasks.events.learned_parts import is_learned, judged_names
from tasks.events.part_head import PARTS, part_model
from tasks.events.role_head import role_model
from tasks.events.tellings import find_tellings
from tasks.events.triggers import find_triggers
from tasks.reference import linear
from tasks.reference.linear import Linear, load_linear

Code = Callable[[str], tuple[EventMention, ...]]
_MODEL = Linear(("no", "yes"), (0.0, -1.0), {"seen": (0.0, 3.0)}, {})


def _names(mention: EventMention, role: Role) -> list[str]:
    return [actor.name for actor in mention.actors if actor.role is role]


def test_probabilities_add_up_and_move_with_their_features() -> None:
    plain, seen = _MODEL.probabilities([]), _MODEL.probabilities(["seen", "never met"])
    assert sum(plain.values()) == pytest.approx(1.0)
    assert plain["yes"] < 0.5 < seen["yes"]


def test_a_broken_model_names_its_trainer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "SEEDS_DIR", tmp_path)
    (tmp_path / "bad.json").write_text(
        json.dumps({"classes": ["a", "b"], "bias": [0.0], "weights": {}, "thresholds": {}})
    )
    for file in ("bad.json", "absent.json"):
        with pytest.raises(SeedError, match="train_roles"):
            load_linear(file, "benchmarks/train_roles.py")


def test_the_shipped_models_hold_the_classes_their_readers_ask_for() -> None:
    assert set(role_model().classes) == {"none", "initiator", "target", "object"}
    assert set(part_model().classes) == {"none", *PARTS}
    assert set(part_model().thresholds) == set(PARTS)
    assert set(event_model().classes) == {"none", "event"}


def test_a_part_told_a_sentence_later_is_found(code: Code) -> None:
    (mention,) = code(
        "A car bomb exploded outside the town hall of Cali, Colombia, on Friday, killing three policemen.\n"
        "The attack destroyed a bank. Police blamed the Medellin Cartel for the bombing."
    )
    assert any("bank" in name for name in _names(mention, Role.OBJECT))
    rules = {piece.rule for piece in mention.evidence if piece.field in ("initiator", "target", "object")}
    assert any(is_learned(rule) for rule in rules)


def test_a_group_accused_three_sentences_later_is_an_initiator(code: Code) -> None:
    (mention,) = code(
        "Unidentified men killed the mayor of Apartado, Colombia, on Friday.\n"
        "The mayor had taken office in June. He leaves three children. The town has 40,000 inhabitants.\n"
        "Police attributed the murder to the FARC."
    )
    learned = {p.quote: p.rule for p in mention.evidence if p.field == "initiator" and is_learned(p.rule)}
    assert "FARC" in learned
    assert 0.0 < float(learned["FARC"].split(";")[0].split()[1]) <= 1.0


def test_who_was_abducted_and_by_whom_is_told_a_sentence_later(code: Code) -> None:
    (mention,) = code(
        "A mayor was abducted in Segou on Sunday. Police said Ibrahim Keita, 54, was taken from his house.\n"
        "Officials blamed the jihadist group JNIM for the kidnapping."
    )
    assert mention.sub_event_type == "Abduction/forced disappearance"
    assert "Ibrahim Keita" in _names(mention, Role.TARGET)
    assert "JNIM" in _names(mention, Role.INITIATOR)


def test_the_names_of_a_text_are_judged_once_each() -> None:
    text = "Guerrillas killed four peasants in Sonsonate. The army blamed the FMLN. The FMLN denied it."
    facts = read_document(Document("a", "a", None, text, "en", None))
    tellings = find_tellings(facts, find_triggers(facts.doc))
    names = {named.key: named for named in judged_names(facts, tellings, role_model())}
    assert len(names["fmln"].phrases) == 2
    assert names["fmln"].accused
    assert names["fmln"].is_side
    assert not names["peasants"].is_side


def test_what_the_rules_keep_stays_unless_the_head_is_sure(code: Code) -> None:
    (mention,) = code("Guerrillas killed four peasants in Sonsonate, El Salvador, on Friday.")
    kept, refused = Judged(mention, True, False, True), Judged(mention, True, True, True)
    nobody = Judged(replace(mention, killed=Toll()), True, False, True)
    limits = event_model().thresholds
    assert [is_kept(nobody, p) for p in (0.9, limits["drop"] - 0.01)] == [True, False]
    assert is_kept(kept, limits["drop"] - 0.01)
    assert [is_kept(refused, p) for p in (0.9, limits["rescue"] - 0.01)] == [True, False]
    assert 0.0 < mention.confidence <= 1.0


def test_every_confidence_is_a_probability_and_setting_it_again_changes_nothing(code: Code) -> None:
    for mention in code("Guerrillas killed four peasants in Sonsonate, El Salvador, on Friday."):
        said = {piece.field: piece.confidence for piece in mention.evidence}
        assert {"trigger", "date", "place", "killed", "initiator"} <= {f for f, c in said.items() if c is not None}
        assert all(c is None or 0.0 <= c <= 1.0 for c in said.values())
        assert with_confidence(mention) == mention
