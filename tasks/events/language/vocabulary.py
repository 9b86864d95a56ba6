"""The words of events: kinds, weapons and word lists of ``seeds/``, validated and indexed once."""

from functools import cache

from pydantic import BaseModel, ConfigDict, RootModel

from schemas.errors import SeedError
from tasks.reference.seeds import read_csv_seed, read_yaml_seed, split_list, validated


class Act(BaseModel):
    """A row of ``seeds/event_types.csv``: ACLED's type and sub-type with PLOVER's type and mode.

    Acts of one ``family`` may be the same incident told in other words. ``acled`` is for types of one's own: ACLED's
    sub-type they are counted under where ACLED's are asked for, or ``none``; empty if the row is one of ACLED's.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    act: str
    event_type: str
    sub_event_type: str
    plover_type: str
    plover_mode: str | None = None
    family: str
    note: str = ""
    acled: str = ""


class WeaponRow(BaseModel):
    """A row of ``seeds/weapons.csv``: words, the weapon they name, the act it makes of an open one, PLOVER's mode."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: str
    weapon: str
    act: str | None = None
    plover_mode: str | None = None


class _EventWords(RootModel[dict[str, frozenset[str]]]):
    """``seeds/event_words.yml``: lists of lemmas by name."""


@cache
def acts() -> dict[str, Act]:
    """Every act by its name. Raises :class:`SeedError` for a bad row."""
    return {row.act: row for row in read_csv_seed("event_types.csv", Act)}


@cache
def acts_by_subtype() -> dict[str, Act]:
    """The first act of each of ACLED's sub-types."""
    return {row.sub_event_type: row for row in reversed(tuple(acts().values()))}


@cache
def weapons() -> dict[tuple[str, ...], WeaponRow]:
    """Weapon rows by phrase, in words. Raises :class:`SeedError` for an act that is not declared."""
    rows = {}
    for row in read_csv_seed("weapons.csv", WeaponRow):
        if row.act and row.act not in acts():
            raise SeedError(f"weapons.csv: {row.weapon}: unknown act {row.act}; add it to event_types.csv")
        for phrase in split_list(row.words):
            rows[tuple(phrase.replace("-", " ").split())] = row
    return rows


@cache
def event_words(name: str) -> frozenset[str]:
    """A list of ``seeds/event_words.yml``: what a rule asks for. Raises :class:`KeyError` if it has none."""
    return _event_words()[name]


@cache
def _event_words() -> dict[str, frozenset[str]]:
    return dict(validated(_EventWords, read_yaml_seed("event_words.yml"), "event_words.yml").root)
