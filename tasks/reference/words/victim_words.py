"""What the nouns of a toll say of those counted: civilian or combatant, and women, children, medics, reporters."""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from schemas.errors import SeedError
from tasks.reference.actors import actor_kinds, actor_nouns
from tasks.reference.fold import fold
from tasks.reference.seeds import read_csv_seed


class VictimWord(BaseModel):
    """A noun of ``seeds/victim_words.csv``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    noun: str
    kind: str = Field(pattern=r"^(civilian|combatant|unknown)$")
    subgroup: str = Field(default="", pattern=r"^(women|children|men|medical|press|aid|prisoners)?$")


@cache
def victim_words() -> dict[str, VictimWord]:
    """The nouns by folded noun. Raises :class:`SeedError` for one that stands twice."""
    words: dict[str, VictimWord] = {}
    for row in read_csv_seed("victim_words.csv", VictimWord):
        if fold(row.noun) in words:
            raise SeedError(f"victim_words.csv: {row.noun}: noun: stands twice")
        words[fold(row.noun)] = row
    return words


def victim_kind(noun: str) -> tuple[str, str] | None:
    """The side of the people a noun names, and what else they are; ``None`` for a noun no seed has.

    >>> victim_kind("soldiers"), victim_kind("nurses"), victim_kind("people"), victim_kind("tables")
    (('combatant', ''), ('civilian', 'medical'), ('unknown', ''), None)
    """
    key = fold(noun)
    for form in (key, key.removesuffix("s"), key.removesuffix("es")):
        word = victim_words().get(form)
        if word is not None:
            return word.kind, word.subgroup
    row = actor_nouns().get(key) or actor_nouns().get(key.removesuffix("s"))
    if row is None:
        return None
    if row.kind == "unknown":
        return "unknown", ""
    return ("combatant" if actor_kinds()[row.kind].armed else "civilian"), ""


def actor_side(kind: str) -> str:
    """``civilian``, ``combatant`` or ``unknown`` for a kind of ``actor_kinds.csv``."""
    actor_kind = actor_kinds().get(kind)
    if actor_kind is None or kind in ("unknown", "property"):
        return "unknown"
    return "combatant" if actor_kind.armed else "civilian"
