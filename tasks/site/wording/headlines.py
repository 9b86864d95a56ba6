"""The headline of an event: one sentence made of its fields, as an editor would write it, and of nothing else."""

import re
from collections.abc import Mapping
from typing import Any

from tasks.reference.words.headline_words import headline_word
from tasks.site.wording import words

_KIND_OF_PLACE = re.compile(
    r"^(?:the )?(?P<near>outskirts of |countryside of |near )?(?:the )?"
    r"(?:(?:town|city|village|district|capital) of )?(?=[A-Z'\u2018\u2019])"
)
_SECOND = re.compile(r"^(?:town|city|village|district) of ")
#: What is no name and says no more than the sentence does: "airstrike killed civilians" names nobody hit.
_LONGEST_NAME = 48
_NOBODY = frozenset({"person", "people", "unknown", "civilians", "civilian"})
_ENDS = {"killed": "kills", "injured": "injures", "detained": "detained", "displaced": "displaces"}


def headline(row: Mapping[str, Any]) -> str:
    """The sentence: what, by whom, on what, where, how many, and who denies it.

    ``row`` has the columns of ``site_events``.
    """
    word = headline_word(row["sub_event_type"], row.get("weapon"))
    parts = [word.act]
    parts += _sides(row, word.by == "yes", word.on)
    parts += _where(row)
    told = _tolls(row)
    sentence = f"{_upper(' '.join(parts))}{told}"
    return f"{sentence}; {denial(row)}" if row.get("disputed") else sentence


def _sides(row: Mapping[str, Any], by: bool, on: str) -> list[str]:
    """Those that clashed, or what was hit and who did it."""
    acting, hit = _name(row.get("initiator")), _name(row.get("target"))
    if row["sub_event_type"] == "Armed clash":
        if acting and hit:
            return ["between", acting, "and", hit]
        return [f"with {acting or hit}"] if acting or hit else []
    parts = []
    thing = _name(row.get("object")) or (hit if _is_side(row) else None)
    if on and thing:
        parts += [on, thing]
    if by and acting:
        parts += ["by", acting]
    return parts


def _is_side(row: Mapping[str, Any]) -> bool:
    """Whether whom it was done to is worth naming beside a count: an armed side, not "five children"."""
    return row.get("target_kind") not in (None, "civilians", "unknown", "property", "refugees", "prisoners")


def _name(name: str | None) -> str | None:
    told = (name or "").strip()
    if not told or len(told) > _LONGEST_NAME or told.lower() in _NOBODY:
        return None
    return re.sub(r"^(?:the|a|an) ", "", told)


def _where(row: Mapping[str, Any]) -> list[str]:
    place, precision = row["place_name"], row["place_precision"]
    if not place:
        wider = row["admin1"] or row["country"]
        return ["in", wider] if wider else []
    begun = _KIND_OF_PLACE.match(place)
    bare = place[begun.end() :] if begun else place
    bare = _SECOND.sub("", bare)
    near = precision == 2 or bool(begun and begun["near"])
    return ["near" if near else "in", bare]


def _tolls(row: Mapping[str, Any]) -> str:
    """How many, the gravest first: " kills 14, injures at least 20"; those detained stand apart."""
    counts = {what: _count(row, what) for what in _ENDS}
    said = [f"{_ENDS[what]} {counts[what]}" for what in ("killed", "injured", "displaced") if counts[what]]
    verbs = f" {', '.join(said)}" if said else ""
    held = f"; {counts['detained']} detained" if counts["detained"] else ""
    return _plural(row, verbs) + held


def _plural(row: Mapping[str, Any], verbs: str) -> str:
    """The verbs of "arrests", which are many."""
    if not verbs or not headline_word(row["sub_event_type"], row.get("weapon")).act.endswith("arrests"):
        return verbs
    return re.sub(r"\b(kill|injure|displace)s\b", r"\1", verbs)


def _count(row: Mapping[str, Any], what: str) -> str | None:
    low, best, high = (row.get(f"{what}_{end}") for end in ("low", "best", "high"))
    if not (best or low):
        return None
    least = best if low is None else low
    if row.get(f"{what}_open"):
        return f"at least {least:,}"
    if high is None or high == least:
        return f"{least:,}"
    return f"{least:,} to {high:,}"


def denial(row: Mapping[str, Any]) -> str:
    """Who denies it, as the end of a sentence."""
    told = words.whole_names(one.strip() for one in (row.get("deniers") or "").split(";"))
    names = [words.as_subject(name) for name in map(_name, told) if name]
    if not names:
        return "one side denies it"
    if len(names) == 1:
        return f"{names[0]} {'deny' if words.is_many(names[0]) else 'denies'} it"
    return f"{names[0]} and others deny it"


def _upper(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
