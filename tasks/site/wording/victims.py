"""The victims of an event by side and kind, as its page shows them."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from tasks.site.wording import words

SIDES = {"initiator": "the side that acted", "target": "the side hit", "others": "neither side", None: "not told"}
KINDS = {"civilian": "civilians", "combatant": "combatants", "unknown": "not told which"}


def victim_rows(victims: Sequence[dict[str, Any]]) -> list[SimpleNamespace]:
    """The rows of the table: each kind, its subgroups after it."""
    return [
        SimpleNamespace(
            toll=one["toll"],
            who=one["subgroup"] or KINDS[one["kind"]],
            among=one["subgroup"] is not None,
            side=SIDES[one["side"]],
            count=words.toll(one["low"], one["best"], one["high"], one["open"]),
            best=one["best"],
            adds_up=one["adds_up"],
            words=one["words"],
            mention_id=one["mention_id"],
        )
        for one in victims
    ]


def not_adding_up(victims: Sequence[dict[str, Any]]) -> list[str]:
    """The tolls whose parts do not come to them."""
    return sorted({one["toll"] for one in victims if one["adds_up"] is False})
