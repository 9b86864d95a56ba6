"""With what it was done and why, if the sentences of an incident say so: weapons and stated causes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from schemas.llm import Pointed
from tasks.events.claims import find_cause
from tasks.events.document import Facts
from tasks.events.language.phrases import lemma, phrase_with_complements
from tasks.events.language.vocabulary import Act, WeaponRow, weapons

#: A weapon this many characters from the words that tell is still of their incident.
_REACH = 120


@dataclass(frozen=True, slots=True)
class WeaponFound:
    """A weapon with its characters (document offsets)."""

    row: WeaponRow
    start: int
    end: int


def weapon_of(facts: Facts, tellings: Iterable[Pointed], act: Act) -> WeaponFound | None:
    """The weapon near the words that tell which fits the act, else the first of any; of arrests there is none."""
    if act.plover_type != "ASSAULT" and act.family not in ("protest", "territory"):
        return None
    candidates: list[WeaponFound] = []
    for telling in tellings:
        span = facts.doc.char_span(telling.start, telling.end, alignment_mode="expand")
        if span is None:
            continue
        words = [(t.lower_, lemma(t), t.idx, t.idx + len(t)) for t in span.sent if not t.is_punct]
        candidates += [
            w for w in find_weapons(words) if min(abs(w.start - telling.end), abs(telling.start - w.end)) < _REACH
        ]
    fitting = [weapon for weapon in candidates if weapon.row.act == act.act]
    return fitting[0] if fitting else next((weapon for weapon in candidates if weapon.row.act is None), None)


def mode_of(act: Act, weapon: WeaponFound | None) -> str | None:
    """PLOVER's mode: the act's, or the weapon's if an attack is told by it."""
    named = weapon.row.plover_mode if weapon and act.plover_type == "ASSAULT" and weapon.row.act is None else None
    return named or act.plover_mode


def cause_of(facts: Facts, tellings: Iterable[Pointed]) -> tuple[int, int] | None:
    """The characters of a cause in the narrator's voice ("due to losses"), not of what somebody claims."""
    for telling in tellings:
        sentence = next((s for s in facts.sentences if s.start <= telling.start < s.end), None)
        is_claimed = any(s.start <= telling.start and telling.end <= s.end for s in facts.statements)
        noun = find_cause(facts.doc, sentence.start, sentence.end) if sentence and not is_claimed else None
        if noun is not None:
            return phrase_with_complements(noun)
    return None


@cache
def _openings() -> frozenset[str]:
    """The words phrases of weapons begin with."""
    return frozenset(phrase[0] for phrase in weapons())


def find_weapons(words: Sequence[tuple[str, str, int, int]]) -> tuple[WeaponFound, ...]:
    """The weapons some words name, longest phrase first. ``words``: (as written in lower case, lemma, start, end)."""
    weapons_found, i, table, openings = [], 0, weapons(), _openings()
    while i < len(words):
        if words[i][0] not in openings and words[i][1] not in openings:
            i += 1
            continue
        for length in (3, 2, 1):
            part = words[i : i + length]
            forms = {tuple(w[0] for w in part), (*(w[0] for w in part[:-1]), part[-1][1]), tuple(w[1] for w in part)}
            row = next((table[form] for form in forms if form in table), None)
            if row is not None and len(part) == length:
                weapons_found.append(WeaponFound(row, part[0][2], part[-1][3]))
                i += length - 1
                break
        i += 1
    return tuple(weapons_found)
