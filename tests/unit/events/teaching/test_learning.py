"""What is not known is not asked: the losses of an article of which people judged a part. Needs torch."""

import math
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from tests.unit.events.teaching.test_judged import made, right, wrong

pytest.importorskip("torch", reason="torch is of the group train, which is not installed")
KNOWN: dict[str, Any] = {"sub_event_type": "Attack", "status": "happened", "killed_best": 4}


@pytest.fixture(scope="module")
def further() -> ModuleType:
    from tasks.events.teaching import further as found  # noqa: PLC0415

    return found


def losses(further: Any, *mentions: Any) -> dict[str, float]:
    from tasks.events.reader.model import taught  # noqa: PLC0415
    from tasks.events.teaching.learning import Learner  # noqa: PLC0415

    example = made(*mentions)
    labels = (taught().sub_types, [status.value for status in taught().statuses])
    model = further.FurtherNetwork([example]).eval()
    learner = Learner(model, labels, replace(further.FURTHER, seed=1), 4)
    return {name: loss.item() for name, loss in learner.losses(example).items()}


def test_of_an_accepted_mention_its_judged_fields_are_asked(further: Any) -> None:
    assert set(losses(further, right("killed", **KNOWN))) == {
        "tellings", "real", "sub_type", "status", "killed", "names",
    }  # fmt: skip


def test_of_a_rejected_mention_only_its_words(further: Any) -> None:
    assert set(losses(further, wrong("killed"))) == {"tellings", "real"}
    assert losses(further, wrong("killed"))["real"] > 1 > losses(further, right("killed"))["real"], "it does tell"


def test_names_nobody_judged_cost_nothing(further: Any) -> None:
    assert losses(further, right("killed"))["names"] == pytest.approx(0, abs=1e-4)
    told = losses(further, right("killed", sides={"initiator": ()}))["names"]
    assert told > losses(further, right("killed", sides={"initiator": ("Gunmen",)}))["names"]


def test_whether_two_are_one_is_asked_where_it_is_known(further: Any) -> None:
    assert "together" not in losses(further, right("killed"), right("wounded"))
    apart = losses(further, right("killed", event="a"), right("wounded", event="b"))["together"]
    as_one = losses(further, right("killed", event="a"), right("wounded", event="a"))["together"]
    # Either loss is the logarithm of a probability, that of two being one weighted by one and a half.
    assert math.exp(-apart) + math.exp(-as_one / 1.5) == pytest.approx(1, abs=1e-4)


def test_rejections_move_the_heads_and_the_same_ones_alike(further: Any) -> None:
    from tasks.events.reader.heads import weights  # noqa: PLC0415

    recipe = replace(further.FURTHER, epochs=2, heads_rate=1e-3)
    first, again = (further.taught_further([made(wrong("killed"))], recipe) for _ in range(2))
    assert set(first) == set(weights())
    assert all(bool((first[name] == again[name]).all()) for name in first)
    assert not bool((first["real.3.bias"] == weights()["real.3.bias"]).all())
