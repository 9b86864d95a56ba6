"""The words of events: acts, triggers and weapons of ``seeds/``, validated and indexed once."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from schemas.errors import SeedError
from tasks.reference.seeds import read_csv_seed, read_yaml_seed, split_list, validated

#: Acts that only sides, victims and weapons settle (``tasks/events/subtypes.py``).
OPEN_ACTS = frozenset({"attack", "kill", "bombing", "explosion", "strike", "arson", "capture", "protest", "riot"})


class Act(BaseModel):
    """A row of ``seeds/event_types.csv``: ACLED's type and sub-type with PLOVER's type and mode.

    Acts of one ``family`` may be the same incident told in other words. ``acled`` is for types of one's own: ACLED's
    sub-type they are counted under where ACLED's are asked for, or ``none``; empty where the row is one of ACLED's.
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


class TriggerRow(BaseModel):
    """An entry of ``seeds/triggers.yml``; the file's head explains the fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    act: str
    pos: Literal["noun", "verb"]
    lemmas: tuple[str, ...] = Field(min_length=1)
    object: frozenset[str] = frozenset()
    to: frozenset[str] = frozenset()
    subject: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    light: bool = False


class _EventWords(RootModel[dict[str, frozenset[str]]]):
    """``seeds/event_words.yml``: lists of lemmas by name."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Triggers by the lemma of their head, longest phrase first; ``phrases`` split into words."""

    lists: dict[str, frozenset[str]]
    verbs: dict[str, tuple[tuple[tuple[str, ...], TriggerRow], ...]]
    nouns: dict[str, tuple[tuple[tuple[str, ...], TriggerRow], ...]]

    def words(self, name: str) -> frozenset[str]:
        """A named list of ``seeds/triggers.yml``."""
        return self.lists[name]


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
    found = {}
    for row in read_csv_seed("weapons.csv", WeaponRow):
        if row.act and row.act not in acts():
            raise SeedError(f"weapons.csv: {row.weapon}: unknown act {row.act}; add it to event_types.csv")
        for phrase in split_list(row.words):
            found[tuple(phrase.replace("-", " ").split())] = row
    return found


@cache
def vocabulary() -> Vocabulary:
    """The triggers, indexed. Raises :class:`SeedError` naming the entry that is wrong."""
    raw = read_yaml_seed("triggers.yml")
    lists = {name: frozenset(map(str, words)) for name, words in raw["lists"].items()}
    verbs: dict[str, list[tuple[tuple[str, ...], TriggerRow]]] = defaultdict(list)
    nouns: dict[str, list[tuple[tuple[str, ...], TriggerRow]]] = defaultdict(list)
    for number, entry in enumerate(raw["triggers"], 1):
        row = _row(entry, lists, f"triggers.yml: entry {number}")
        for lemma in row.lemmas:
            phrase = tuple(lemma.replace("-", " ").split())
            index, head = (verbs, phrase[0]) if row.pos == "verb" else (nouns, phrase[-1])
            index[head].append((phrase, row))
    return Vocabulary(lists, _longest_first(verbs), _longest_first(nouns))


def _row(entry: dict[str, Any], lists: dict[str, frozenset[str]], where: str) -> TriggerRow:
    expanded = dict(entry)
    for field in ("lemmas", "object", "to", "subject", "near", "unless"):
        value = expanded.get(field)
        if isinstance(value, str):
            if value.removeprefix("@") not in lists:
                raise SeedError(f"{where}: {field}: no list named {value}")
            expanded[field] = tuple(sorted(lists[value.removeprefix("@")]))
    row = validated(TriggerRow, expanded, where)
    if row.act not in acts() and row.act not in OPEN_ACTS:
        raise SeedError(f"{where}: unknown act {row.act}; add it to event_types.csv")
    return row


def _longest_first(
    index: dict[str, list[tuple[tuple[str, ...], TriggerRow]]],
) -> dict[str, tuple[tuple[tuple[str, ...], TriggerRow], ...]]:
    return {head: tuple(sorted(entries, key=lambda entry: -len(entry[0]))) for head, entries in index.items()}


@cache
def event_words(name: str) -> frozenset[str]:
    """A list of ``seeds/event_words.yml``: what a rule asks for. Raises :class:`KeyError` where it has none."""
    return _event_words()[name]


@cache
def _event_words() -> dict[str, frozenset[str]]:
    return dict(validated(_EventWords, read_yaml_seed("event_words.yml"), "event_words.yml").root)
