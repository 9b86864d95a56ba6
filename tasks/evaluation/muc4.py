"""MUC-4's templates: events of a document filled slot by slot, paired so that the most slots agree.

By MUC-4's rules (task documentation, 1992) as far as they need no person: a pair must agree on a perpetrator, victim,
physical target or positive toll, or on the type and an exact day or place; what is optional costs nothing when missed;
strings agree where one holds the other's words and both end alike. What MUC-4 leaves out and a general coder keeps (a
guerrilla's fight with an army, countries beyond its nine) is not taken out here: it counts as false alarm.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from schemas.mention import Actor, EventMention, Role, Status
from tasks.evaluation.gold import Row, labels
from tasks.evaluation.tally import Sheet
from tasks.reference.places import country_name

#: Right, wrong, missed.
Score = tuple[int, int, int]
#: Determiners and small numbers: not part of a name.
_EMPTY = frozenset(
    {
        "THE", "A", "AN", "SOME", "SEVERAL", "OTHER", "OTHERS", "ABOUT", "AT", "LEAST", "MORE", "THAN", "TWO", "THREE",
        "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN", "ELEVEN", "TWELVE", "ONE",
    }
)  # fmt: skip
#: An incident "on or before" a day lies at most so long before it.
_BEFORE = timedelta(days=60)
#: Above so many answers a document is paired greedily.
_MOST_EXACTLY = 12
_NAMES = {
    "perp_individual": "perpetrators",
    "perp_organization": "perpetrator_organizations",
    "victim": "victims",
    "target": "physical_targets",
    "instrument": "instruments",
}
#: What counts for a pair, at most three of each.
_WEIGHED = (
    "type", "date_any", "country", "place", "victim", "target", "perp_any", "killed_range", "injured_range",
)  # fmt: skip


def templates(mentions: Iterable[EventMention], published: str | None) -> list[Row]:
    """The mentions that are events of a kind MUC-4 has; one nobody dates fell on the day of publication."""
    known = {sub_type: label for label, sub_type in labels("muc4")}
    told = (Status.HAPPENED, Status.DENIED)
    kept = [m for m in mentions if m.sub_event_type in known and m.status in told and not m.aggregate]
    return [_template(mention, known[mention.sub_event_type], published) for mention in kept]


def _template(mention: EventMention, label: str, published: str | None) -> Row:
    when, place = mention.when, mention.place
    first = when.start.isoformat() if when.start else published
    last = (when.end or when.start).isoformat() if when.start and (when.end or when.start) else published
    by = [actor for actor in mention.actors if actor.role is Role.INITIATOR]
    hit = [actor for actor in mention.actors if actor.role is Role.OBJECT]
    country = country_name(place.country)
    named = [name for name in (place.name, place.gazetteer_name, place.admin1, place.admin2) if name]
    return {
        "type": [label],
        "date": (first, last),
        "country": [country] if country else [],
        "places": [name for name in named if country is None or name.upper() != country.upper()],
        "perpetrators": [_names(actor) for actor in by if actor.actor_id is None],
        "perpetrator_organizations": [_names(actor) for actor in by if actor.actor_id is not None],
        "victims": [_names(actor) for actor in mention.actors if actor.role is Role.TARGET],
        "physical_targets": [_names(actor) for actor in hit],
        "instruments": [[mention.weapon]] if mention.weapon else [],
        "killed": mention.killed.best,
        "injured": mention.injured.best,
    }


def _names(actor: Actor) -> list[str]:
    return [name for name in (actor.name, actor.canonical_name) if name]


def score_templates(gold: Sequence[Row], said: Mapping[str, Sequence[Row]]) -> Sheet:
    """Documents told from others, events found, and every slot of them."""
    sheet = Sheet()
    for row in gold:
        events, ours = row["events"], said.get(row["id"], ())
        must = [event for event in events if not event["optional"]]
        if must or not events:
            sheet.add("document", bool(must and ours), bool(ours and not must), bool(must and not ours))
        pairs = _paired(events, ours)
        found, used = {i for i, _ in pairs}, {j for _, j in pairs}
        lost = [event for i, event in enumerate(events) if i not in found and not event["optional"]]
        sheet.add("event", len(pairs), len(ours) - len(pairs), len(lost))
        for i, j in pairs:
            _add(sheet, _slots(events[i], ours[j]))
        for event in lost:
            _add(sheet, {slot: (0, 0, score[2]) for slot, score in _slots(event, {}).items()})
        for j in set(range(len(ours))) - used:
            _add(sheet, {slot: (0, score[1], 0) for slot, score in _slots({}, ours[j]).items()})
    return sheet


def _add(sheet: Sheet, slots: Mapping[str, Score]) -> None:
    for slot, score in slots.items():
        sheet.add(slot, *score)


def _slots(gold: Row, said: Row) -> dict[str, Score]:
    """Each slot of a pair; either side may be empty."""
    true, ours = {t.lower() for t in gold.get("type", ())}, set(said.get("type", ()))
    slots = {"type": _any(bool(true & ours), bool(true), bool(ours))}
    slots |= _dates(gold, said)
    places, countries = _gold_places(gold)
    for slot, wanted in (("country", countries), ("place", places)):
        given = said.get("country" if slot == "country" else "places", ())
        slots[slot] = _any(any(_alike(a, b) for a in wanted for b in given), bool(wanted), bool(given))
    for slot, key in _NAMES.items():
        slots[slot] = _fillers(_gold_fillers(gold, key), said.get(key, ()))
    both = ("perpetrators", "perpetrator_organizations")
    named = [filler for key in both for filler in _gold_fillers(gold, key)]
    slots["perp_any"] = _fillers(named, [names for key in both for names in said.get(key, ())])
    for toll in ("killed", "injured"):
        slots |= _tolls(toll, gold.get(toll) or {"basis": "unstated"}, said.get(toll))
    return slots


def _any(right: bool, asked: bool, given: bool) -> Score:
    return int(right), int(given and not right), int(asked and not right)


def _dates(gold: Row, said: Row) -> dict[str, Score]:
    forms = gold.get("date", {}).get("any_of", [])
    first, last = (_day(value) for value in said.get("date", (None, None)))
    known = any(form["form"] == "exact" for form in forms)
    span = (first, last or first) if first else None
    exact = span is not None and any(_is_day(form, *span) for form in forms)
    loose = span is not None and any(_is_day(form, *span) or _is_within(form, *span) for form in forms)
    unknown = bool(gold) and not known
    return {
        "date_exact": (0, 0, 0) if unknown else _any(exact, known, first is not None),
        "date_any": _any(loose, bool(forms), first is not None),
    }


def _is_day(form: Row, first: date, last: date) -> bool:
    return form["form"] == "exact" and first == last == _day(form["start"])


def _is_within(form: Row, first: date, last: date) -> bool:
    begin, end = _day(form["start"]), _day(form["end"])
    if form["form"] == "on_or_before" and end is not None:
        begin = end - _BEFORE
    inside = begin is not None and end is not None and begin <= first and last <= end
    return form["form"] != "exact" and inside


def _tolls(toll: str, gold: Row, said: int | None) -> dict[str, Score]:
    """Exact figures alone, and figures with their range. "Nobody" and nothing are alike."""
    if gold["basis"] == "unstated":
        return {f"{toll}_{measure}": (0, int(bool(said)), 0) for measure in ("exact", "range")}
    low, high = gold["min"], gold["max"]
    right = said is not None and low <= said and (high is None or said <= high)
    score = (0, int(bool(said)), 0) if high == 0 else _any(right, True, bool(said))
    return {f"{toll}_exact": score if gold["exact"] else (0, 0, 0), f"{toll}_range": score}


def _gold_places(gold: Row) -> tuple[list[str], list[str]]:
    """The places and the countries any of which is right."""
    forms = gold.get("location", {}).get("any_of", [])
    countries = [form["country"] if isinstance(form["country"], list) else [form["country"]] for form in forms]
    return [part["name"] for form in forms for part in form["within"]], [name for some in countries for name in some]


def _gold_fillers(gold: Row, key: str) -> list[tuple[list[str], bool]]:
    """The fillers of a slot: the names any of which is right, and whether it may be missed."""
    found = []
    for filler in gold.get(key) or ():
        if isinstance(filler, str):
            found.append(([filler], False))
        else:
            names = filler.get("any_of") or [*filler.get("name", ()), *filler.get("description", ())]
            found.append((names, bool(filler.get("optional"))))
    return found


def _fillers(gold: Sequence[tuple[list[str], bool]], said: Sequence[Sequence[str]]) -> Score:
    """Fillers matched one to one; ours that say again what another one said are neither right nor wrong."""
    free = list(range(len(said)))
    right = missed = 0
    for names, optional in sorted(gold, key=lambda filler: filler[1]):
        hit = next((i for i in free if _meet(names, said[i])), None)
        if hit is not None:
            free.remove(hit)
            right += 1
        elif not optional:
            missed += 1
    wrong = sum(not any(_meet(names, said[i]) for names, _ in gold) for i in free)
    return right, wrong, missed


def _meet(names: Iterable[str], others: Iterable[str]) -> bool:
    return any(_alike(one, other) for one in names for other in others)


@lru_cache(maxsize=65536)
def _alike(one: str, other: str) -> bool:
    short, long = sorted((_words(one), _words(other)), key=len)
    if not short:
        return False
    return short == long or (set(short) <= set(long) and (short[-1] == long[-1] or len(short) > 1))


@lru_cache(maxsize=65536)
def _words(name: str) -> tuple[str, ...]:
    words = re.sub(r"[^A-Z0-9 ]+", " ", name.upper()).split()
    kept = [word for word in words if word not in _EMPTY and not word.isdigit()]
    return tuple(kept or words)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None


def _paired(gold: Sequence[Row], said: Sequence[Row]) -> list[tuple[int, int]]:
    """The pairs of places in both lists that agree most in all, each place once."""
    worth = {
        (i, j): value
        for i, event in enumerate(gold)
        for j, ours in enumerate(said)
        if (value := _agreement(event, ours)) > 0
    }
    if len(said) > _MOST_EXACTLY:
        return _greedily(worth)
    return _best_pairs(len(gold), lambda i: {j: v for (a, j), v in worth.items() if a == i})


def _agreement(gold: Row, said: Row) -> float:
    slots = _slots(gold, said)
    strong = any(slots[slot][0] for slot in ("perp_any", "victim", "target", "killed_range"))
    weak = slots["type"][0] and (slots["date_exact"][0] or slots["place"][0])
    if not (strong or weak):
        return 0.0
    # What is optional gives way to what is not.
    return sum(min(slots[slot][0], 3) for slot in _WEIGHED) + 0.1 - (0.05 if gold.get("optional") else 0.0)


def _best_pairs(count: int, worth_of: Callable[[int], Mapping[int, float]]) -> list[tuple[int, int]]:
    """The pairing of the highest sum, by trying all; of equal ones the first found."""

    @cache
    def best(i: int, used: frozenset[int]) -> tuple[float, tuple[tuple[int, int], ...]]:
        if i == count:
            return 0.0, ()
        found = best(i + 1, used)
        for j, value in sorted(worth_of(i).items()):
            if j not in used:
                total, pairs = best(i + 1, used | {j})
                if total + value > found[0]:
                    found = (total + value, ((i, j), *pairs))
        return found

    return list(best(0, frozenset())[1])


def _greedily(worth: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    used: defaultdict[int, set[int]] = defaultdict(set)
    pairs = []
    for _, i, j in sorted(((value, i, j) for (i, j), value in worth.items()), reverse=True):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((i, j))
    return pairs
