"""How far each field of a mention is to be believed: calibrated probabilities, one small model a field.

Logistic regressions over the rule that gave a field and what the head of events says of its mention
(``seeds/models/confidence.json``, made by ``benchmarks/train_confidence.py``; data, score and expected calibration
error in ``docs/extraction.md``). A field no model was trained for has none.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from schemas.errors import SeedError
from schemas.mention import EventMention, Evidence
from tasks.reference.linear import Linear, linear_of
from tasks.reference.seeds import SEEDS_DIR

_FILE = "models/confidence.json"
#: The field of an evidence and the model that judges it: the type is read from the trigger.
FIELDS = {
    "trigger": "type", "date": "date", "place": "place", "killed": "killed", "injured": "injured",
    "initiator": "initiator", "target": "target",
}  # fmt: skip


@cache
def confidence_models() -> dict[str, Linear]:
    """The shipped weights by field. Raises :class:`SeedError`."""
    try:
        raw = json.loads((SEEDS_DIR / _FILE).read_text(encoding="utf-8"))
        return {str(name): linear_of(model) for name, model in raw["fields"].items()}
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise SeedError(f"{_FILE}: {error}; train it again with benchmarks/train_confidence.py") from error


def with_confidence(mention: EventMention) -> EventMention:
    """The mention with each piece of evidence saying how likely its field is right."""
    return replace(mention, evidence=tuple(_judged(mention, piece) for piece in mention.evidence))


def _judged(mention: EventMention, piece: Evidence) -> Evidence:
    model = confidence_models().get(FIELDS.get(piece.field, ""))
    if model is None:
        return piece
    return replace(piece, confidence=round(model.probabilities(field_features(mention, piece))["right"], 2))


def field_features(mention: EventMention, piece: Evidence) -> list[str]:
    """What a field's model looks at, as names of the features that hold."""
    return list(dict.fromkeys([*_of_rule(piece), *_of_mention(mention, piece)]))


def _of_rule(piece: Evidence) -> Iterator[str]:
    """The parts of the rule; a learned one by its probability, figures in it left out."""
    for part in piece.rule.split(";"):
        words = part.strip().split(":")
        if words[0].startswith("learned "):
            yield f"learned:{words[0].removeprefix('learned ')[:3]}"
        if words[0].startswith("own "):
            yield f"own:{words[0].removeprefix('own ')[:3]}"
            continue
        yield f"rule:{words[0].split(',')[0].strip('.0123456789 ')}"
        if len(words) > 1 and piece.field != "place":
            yield f"reading:{words[1]}"
    yield f"words:{min(5, len(piece.quote.split()))}"
    yield f"capital:{piece.quote[:1].isupper()}"


def _of_mention(mention: EventMention, piece: Evidence) -> Iterator[str]:
    yield f"event:{round(mention.confidence, 1)}"
    yield f"status:{mention.status.value}"
    if piece.field == "trigger":
        yield f"type:{mention.sub_event_type}"
    elif piece.field == "date":
        yield f"precision:{mention.when.precision}"
        yield f"reason:{mention.when.reason.split(':')[0]}"
    elif piece.field == "place":
        yield f"precision:{mention.place.precision}"
        yield f"known:{mention.place.place_id is not None}"
    elif piece.field in ("killed", "injured"):
        best = (mention.killed if piece.field == "killed" else mention.injured).best
        yield f"count:{best if best is None or best < 4 else 'few' if best < 11 else 'many'}"
    else:
        held: Sequence[str] = [a.kind for a in mention.actors if a.role.value == piece.field]
        yield f"held:{min(4, len(held))}"
